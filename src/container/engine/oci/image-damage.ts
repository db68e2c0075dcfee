import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedEntry } from './image-list.js';

const permissionBits = 0o7777;
const writableByOthers = 0o022;

/** Large enough for few reads of Node.js itself, small enough to hash between two calls. */
const blockBytes = 262_144;

/** In what way a directory does not belong to its owner alone; undefined if it does. */
export async function directoryDamage(directory: string, owner: number): Promise<string | undefined> {
  const stats = await lstat(directory);
  if (!stats.isDirectory()) return 'is no directory';
  if (stats.uid !== owner) return `belongs to user ${stats.uid}`;
  if ((stats.mode & writableByOthers) !== 0) return 'can be written to by others';
  return undefined;
}

/**
 * What differs below a root directory from the list, the first thing found: what is missing, what is not listed, another
 * owner, mode, size or content.
 */
export async function contentDamage(
  root: string,
  entries: readonly ListedEntry[],
  owner: number,
): Promise<string | undefined> {
  const awaited = new Map(entries.map((entry) => [entry.path, entry]));
  const directories = [''];
  for (const directory of directories) {
    for (const name of await readdir(join(root, directory))) {
      const path = directory === '' ? name : `${directory}/${name}`;
      const entry = awaited.get(path);
      if (!entry) return `${path} does not belong there`;
      const damage = await entryDamage(join(root, path), entry, owner);
      if (damage !== undefined) return `${path} ${damage}`;
      awaited.delete(path);
      if (entry.kind === 'directory') directories.push(path);
    }
  }
  const [missing] = awaited.keys();
  return missing === undefined ? undefined : `${missing} is missing`;
}

async function entryDamage(path: string, entry: ListedEntry, owner: number): Promise<string | undefined> {
  const stats = await lstat(path);
  if (kindOf(stats) !== entry.kind) return `is no ${entry.kind}`;
  if (stats.uid !== owner) return `belongs to user ${stats.uid}`;
  if (entry.kind === 'link')
    return (await readlink(path)) === entry.target ? undefined : 'leads somewhere else';
  if ((stats.mode & permissionBits) !== entry.mode) return 'has other permissions';
  if (entry.kind === 'directory') return undefined;
  if (stats.size !== entry.bytes || (await digestOf(path)) !== entry.sha256) return 'has another content';
  return undefined;
}

function kindOf(stats: Stats): ListedEntry['kind'] | 'other' {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** In one block of memory: an image has a hundred megabytes, which would otherwise be garbage of a server that just starts. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockBytes);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(block, 0, blockBytes);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

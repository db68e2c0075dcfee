import { createHash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../common/errors/storage-failure.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const chunkBytes = 256 * 1024;

/** What reading a tree fails with when the tree, and not the machine's load, is the reason: ours can be read whole. */
const damages: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EIO'];

/**
 * SHA-256 of everything below `root` that code can tell apart: paths, kinds, the execute bit, contents, targets of
 * links. The other bits of the modes and all times are left out, so that code restored from a backup is the same; so is
 * the topmost directory's own mode, which publishing changes. Blocks its thread. The files whose digests are known, by
 * their paths, are not read.
 */
export function treeDigest(root: string, known: ReadonlyMap<string, string> = new Map()): string {
  const digest = createHash('sha256');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (const path of pathsBelow(root)) digest.update(lineOf(root, path, chunk, known));
  return digest.digest('hex');
}

/** As `treeDigest`; null for a tree that is missing or unreadable. */
export function digestOrNull(root: string): string | null {
  try {
    return treeDigest(root);
  } catch (error) {
    if (damages.includes(systemErrorCode(error))) return null;
    throw error;
  }
}

/** Sorted by UTF-16 code units, which is the same on every machine. */
function pathsBelow(root: string): string[] {
  const paths: string[] = [];
  const add = (directory: string) => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = join(directory, entry.name);
      paths.push(path);
      if (entry.isDirectory()) add(path);
    }
  };
  add('');
  return paths.sort();
}

/** One entry; no two trees give the same lines, because no path holds a NUL and what stands before it has no choice. */
function lineOf(root: string, path: string, chunk: Buffer, known: ReadonlyMap<string, string>): string {
  const absolute = join(root, path);
  const status = lstatSync(absolute);
  if (status.isDirectory()) return `directory ${path}\0`;
  if (status.isSymbolicLink()) return `link ${sha256(readlinkSync(absolute))} ${path}\0`;
  if (!status.isFile()) return `special ${path}\0`;
  const kind = (status.mode & 0o111) === 0 ? 'file' : 'executable';
  return `${kind} ${known.get(path) ?? contentDigest(absolute, chunk)} ${path}\0`;
}

function contentDigest(path: string, chunk: Buffer): string {
  const digest = createHash('sha256');
  // A pipe that has taken the file's place since must not hold up the thread.
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      digest.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  return digest.digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

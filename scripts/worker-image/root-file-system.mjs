/** Unpacks the entries of an image into a directory, and lists them beside it, so that a server can tell damage. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 *
 * @typedef {{ path: string, kind: 'directory', mode: number }} ListedDirectory
 * @typedef {{ path: string, kind: 'file', mode: number, bytes: number, sha256: string }} ListedFile
 * @typedef {{ path: string, kind: 'link', target: string }} ListedLink
 * @typedef {ListedDirectory | ListedFile | ListedLink} ListedEntry
 * @typedef {{ reference: string, environment: Record<string, string>, entries: ListedEntry[] }} ImageList
 */

/** Where the file system itself is. */
export const ROOT_DIRECTORY = 'rootfs';

/** What tells of it, written last. */
export const LIST_FILE = 'image.json';

/**
 * What the Docker Engine makes in each container by itself: files to mount over, and where programs look for mounts.
 * @type {ArchiveEntry[]}
 */
const OF_THE_ENGINE = [
  ...['etc/hostname', 'etc/hosts', 'etc/resolv.conf'].map((path) => ({
    kind: /** @type {const} */ ('text'),
    path,
    mode: 0o644,
    text: '',
  })),
  { kind: 'link', path: 'etc/mtab', mode: 0o777, target: '/proc/mounts' },
];

/** What the Docker Engine gives a process whose image says nothing of it. */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Writes the image into a directory that is empty; every byte of it is on the disk when this resolves.
 * @param {string} directory
 * @param {import('./image-store.mjs').ScratchImage} image
 */
export async function writeImage(directory, { reference, entries, instructions }) {
  const root = path.join(directory, ROOT_DIRECTORY);
  await mkdir(root);
  await chmod(root, 0o755);
  const known = new Set(entries.map((entry) => entry.path));
  const all = [...entries, ...OF_THE_ENGINE.filter((entry) => !known.has(entry.path))];
  /** @type {ListedEntry[]} */
  const listed = [];
  for (const entry of all) listed.push(await writeEntry(root, entry));
  for (const { path: below } of listed.filter(({ kind }) => kind === 'directory'))
    await syncDirectory(path.join(root, below));
  await syncDirectory(root);
  /** @type {ImageList} */
  const list = { reference, environment: environmentOf(instructions), entries: listed };
  await writeBytes(path.join(directory, LIST_FILE), 0o644, [Buffer.from(JSON.stringify(list))]);
  await syncDirectory(directory);
}

/**
 * @param {readonly string[]} instructions of a Dockerfile
 * @returns {Record<string, string>}
 */
export function environmentOf(instructions) {
  const pairs = instructions.flatMap((instruction) => {
    const match = /^ENV ([^=\s]+)=(.*)$/.exec(instruction);
    return match ? [[match[1] ?? '', match[2] ?? '']] : [];
  });
  return { PATH: USUAL_PATH, ...Object.fromEntries(pairs) };
}

/**
 * @param {string} root
 * @param {ArchiveEntry} entry
 * @returns {Promise<ListedEntry>}
 */
async function writeEntry(root, entry) {
  const target = path.join(root, entry.path);
  const { kind, mode } = entry;
  switch (kind) {
    case 'directory':
      await mkdir(target);
      // The process's mask may have taken bits away.
      await chmod(target, mode);
      return { path: entry.path, kind, mode };
    case 'link':
      await symlink(entry.target, target);
      return { path: entry.path, kind, target: entry.target };
    case 'text':
    case 'file': {
      const content = kind === 'text' ? [Buffer.from(entry.text)] : createReadStream(entry.source);
      return { path: entry.path, kind: 'file', mode, ...(await writeBytes(target, mode, content)) };
    }
  }
}

/**
 * @param {string} target
 * @param {number} mode
 * @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} content
 */
async function writeBytes(target, mode, content) {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  await pipeline(content, measure, createWriteStream(target, { flags: 'wx', flush: true }));
  await chmod(target, mode);
  return { bytes, sha256: hash.digest('hex') };
}

/** So that the names in it survive a power cut, too. @param {string} directory */
export async function syncDirectory(directory) {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

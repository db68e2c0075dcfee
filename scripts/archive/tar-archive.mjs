/** Writes tar archives (POSIX ustar) in which everything belongs to root and dates from 1970. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * What archives are made of. Times and owners are left out on purpose: the same content gives the same bytes.
 *
 * @typedef {{ kind: 'directory', path: string, mode: number }} DirectoryEntry
 * @typedef {{ kind: 'file', path: string, mode: number, source: string }} FileEntry `source` is the file on this machine
 * @typedef {{ kind: 'text', path: string, mode: number, text: string }} TextEntry
 * @typedef {{ kind: 'link', path: string, mode: number, target: string }} LinkEntry a symbolic link
 * @typedef {DirectoryEntry | FileEntry | TextEntry | LinkEntry} ArchiveEntry
 */

const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const LARGEST_FILE_BYTES = 0o77777777777;

/**
 * The archive of these entries, in their order.
 * @param {Iterable<ArchiveEntry>} entries
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* tarOf(entries) {
  for (const entry of entries) {
    if (entry.kind === 'directory') {
      yield headerOf(`${entry.path}/`, entry.mode, 0, '5');
      continue;
    }
    if (entry.kind === 'link') {
      yield headerOf(entry.path, entry.mode, 0, '2', entry.target);
      continue;
    }
    const text = entry.kind === 'text' ? Buffer.from(entry.text) : undefined;
    const size = text?.length ?? (await stat(sourceOf(entry))).size;
    yield headerOf(entry.path, entry.mode, size, '0');
    if (text !== undefined) yield text;
    else yield* createReadStream(sourceOf(entry));
    yield Buffer.alloc(-size & (BLOCK_BYTES - 1));
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** @param {ArchiveEntry} entry */
function sourceOf(entry) {
  return entry.kind === 'file' ? entry.source : '';
}

/**
 * @param {string} path
 * @param {number} mode
 * @param {number} sizeBytes
 * @param {'0' | '2' | '5'} type a file, a symbolic link or a directory
 * @param {string} [target] of a link
 */
function headerOf(path, mode, sizeBytes, type, target = '') {
  if (sizeBytes > LARGEST_FILE_BYTES) throw new Error(`${path} is too large for a tar archive`);
  if (Buffer.byteLength(target) > NAME_BYTES) throw new Error(`${path} leads too far for a tar archive`);
  const { name, prefix } = splitName(path);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(sizeBytes, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(type, 156);
  header.write(target, 157);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  // The checksum is taken with its own eight bytes as spaces.
  header.fill(' ', 148, 156);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 6)}\0 `, 148);
  return header;
}

/**
 * A path of more than 100 bytes is cut at a slash, its beginning kept apart.
 * @param {string} path
 */
function splitName(path) {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES)
      return { name, prefix };
  }
  throw new Error(`${path} is too long for a tar archive`);
}

/**
 * @param {number} value
 * @param {number} digits
 */
function octal(value, digits) {
  return value.toString(8).padStart(digits, '0');
}

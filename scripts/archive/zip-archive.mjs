/** Writes zip archives in which everything dates from 1980, so that the same files give the same bytes. */
import zlib from 'node:zlib';

/**
 * @typedef {{ path: string, bytes: Uint8Array, mode?: number }} ZippedFile `path` is relative, with forward slashes;
 * `mode` is that of Unix with the type of the file, whose content is the target where it is a link
 */

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = 3 << 8;
const NAMES_ARE_UTF8 = 1 << 11;
const DEFLATE = 8;
/** 1 January 1980, the first day that the format knows. */
const MODIFIED_DATE = (1 << 5) | 1;
const REGULAR_FILE_0644 = 0o100644;

/** What the format holds without its 64-bit extension. */
const MOST_FILES = 0xffff;
const MOST_BYTES = 0xffffffff;

/**
 * The archive of these files, in their order.
 * @param {readonly ZippedFile[]} files
 * @returns {Buffer}
 * @throws {Error} above 65,535 files or 4 GiB
 */
export function zipOf(files) {
  if (files.length > MOST_FILES) throw new Error(`a zip archive holds at most ${MOST_FILES} files`);
  /** @type {Uint8Array[]} */
  const contents = [];
  /** @type {Uint8Array[]} */
  const directory = [];
  let offset = 0;
  for (const { path, bytes, mode = REGULAR_FILE_0644 } of files) {
    const name = Buffer.from(path);
    const deflated = zlib.deflateRawSync(bytes, { level: 9 });
    const common = commonFields(name, bytes, deflated);
    const local = Buffer.concat([uint32(LOCAL_HEADER), common, name]);
    contents.push(local, deflated);
    directory.push(centralHeader(common, mode, offset), name);
    offset += local.length + deflated.length;
    if (offset > MOST_BYTES) throw new Error('a zip archive holds at most 4 GiB');
  }
  const directoryBytes = Buffer.concat(directory);
  return Buffer.concat([
    ...contents,
    directoryBytes,
    endOfDirectory(files.length, directoryBytes.length, offset),
  ]);
}

/**
 * The fields that a file's own header and its entry in the directory share.
 * @param {Buffer} name
 * @param {Uint8Array} bytes
 * @param {Buffer} deflated
 */
function commonFields(name, bytes, deflated) {
  const noTime = 0;
  const noExtraField = 0;
  return Buffer.concat([
    ...[VERSION, NAMES_ARE_UTF8, DEFLATE, noTime, MODIFIED_DATE].map(uint16),
    ...[crc32(bytes), deflated.length, bytes.length].map(uint32),
    ...[name.length, noExtraField].map(uint16),
  ]);
}

/**
 * @param {Buffer} common
 * @param {number} mode
 * @param {number} offset where the file's own header begins
 */
function centralHeader(common, mode, offset) {
  const noComment = 0;
  const firstDisk = 0;
  const noInternalAttributes = 0;
  return Buffer.concat([
    uint32(CENTRAL_HEADER),
    uint16(MADE_ON_UNIX | VERSION),
    common,
    ...[noComment, firstDisk, noInternalAttributes].map(uint16),
    ...[mode * 0x10000, offset].map(uint32),
  ]);
}

/**
 * @param {number} count
 * @param {number} directoryLength
 * @param {number} directoryOffset
 */
function endOfDirectory(count, directoryLength, directoryOffset) {
  const disks = [0, 0];
  const noComment = 0;
  return Buffer.concat([
    uint32(END_OF_DIRECTORY),
    ...[...disks, count, count].map(uint16),
    ...[directoryLength, directoryOffset].map(uint32),
    uint16(noComment),
  ]);
}

/** @param {number} value */
function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * The checksum of zip and gzip. Node.js has it built in from 20.15 on.
 * @param {Uint8Array} bytes
 * @returns {number}
 */
export function crc32(bytes) {
  return typeof zlib.crc32 === 'function' ? zlib.crc32(bytes) : crc32ByTable(bytes);
}

/** @param {Uint8Array} bytes */
export function crc32ByTable(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

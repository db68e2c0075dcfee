import { archiveRefusal, quoted } from './archive-refusal.js';
import type { DirectoryEnd } from './end-of-central-directory.js';
import { readExtraFields, resolveZip64 } from './extra-fields.js';
import { signatureAt, signatures } from './signatures.js';

/** One entry as the central directory tells it. */
export interface CentralEntry {
  readonly rawName: Buffer;
  readonly unicodePath: Buffer | undefined;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  readonly headerOffset: number;
  /** The upper half of the external attributes: type and permissions, zero where the packer knew none. */
  readonly unixMode: number;
}

const headerBytes = 46;

/** Reads as many entries as the end record counts; they must fill the directory exactly. */
export function readCentralDirectory(archive: Buffer, end: DirectoryEnd): CentralEntry[] {
  const directory = archive.subarray(0, end.directoryEnd);
  const entries: CentralEntry[] = [];
  let offset = end.directoryStart;
  for (let count = 0; count < end.entryCount; count++) {
    const { entry, nextOffset } = readEntry(directory, offset);
    entries.push(entry);
    offset = nextOffset;
  }
  if (offset !== end.directoryEnd) {
    throw archiveRefusal('hidden_entries', 'The archive holds more entries than it counts: pack it again.');
  }
  return entries;
}

function readEntry(directory: Buffer, offset: number): { entry: CentralEntry; nextOffset: number } {
  if (offset === directory.length) {
    throw archiveRefusal(
      'entry_count_mismatch',
      'The archive counts more entries than it holds: pack it again.',
    );
  }
  if (
    offset + headerBytes > directory.length ||
    signatureAt(directory, offset) !== signatures.centralHeader
  ) {
    throw archiveRefusal('malformed_header', "The archive's directory is malformed: pack it again.");
  }
  const nameStart = offset + headerBytes;
  const extraStart = nameStart + directory.readUInt16LE(offset + 28);
  const commentStart = extraStart + directory.readUInt16LE(offset + 30);
  const nextOffset = commentStart + directory.readUInt16LE(offset + 32);
  if (nextOffset > directory.length) {
    throw archiveRefusal('malformed_header', "The archive's directory is malformed: pack it again.");
  }
  const rawName = directory.subarray(nameStart, extraStart);
  const { zip64, unicodePath } = readExtraFields(directory.subarray(extraStart, commentStart), rawName);
  const fields = [
    directory.readUInt32LE(offset + 24),
    directory.readUInt32LE(offset + 20),
    directory.readUInt32LE(offset + 42),
  ];
  const [unpackedBytes = 0, compressedBytes = 0, headerOffset = 0] = resolveZip64(fields, zip64, rawName);
  refuseOtherDisk(directory.readUInt16LE(offset + 34), rawName);
  const entry = {
    rawName,
    unicodePath,
    flags: directory.readUInt16LE(offset + 8),
    method: directory.readUInt16LE(offset + 10),
    crc32: directory.readUInt32LE(offset + 16),
    compressedBytes,
    unpackedBytes,
    headerOffset,
    unixMode: directory.readUInt16LE(offset + 40),
  };
  return { entry, nextOffset };
}

function refuseOtherDisk(disk: number, rawName: Buffer): void {
  if (disk !== 0 && disk !== 0xffff) {
    throw archiveRefusal(
      'multi_disk',
      `The entry ${quoted(rawName)} is in another file: pack the archive as one.`,
    );
  }
}

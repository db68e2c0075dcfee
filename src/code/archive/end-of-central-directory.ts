import { archiveRefusal } from './archive-refusal.js';
import { signatureAt, signatures, uint64At } from './signatures.js';

/** Where the central directory is and how many entries it says it has. */
export interface DirectoryEnd {
  readonly entryCount: number;
  readonly directoryStart: number;
  readonly directoryEnd: number;
}

interface EndRecord {
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryStart: number;
  /** Offset of the first end record, where the central directory must stop. */
  readonly offset: number;
}

const endBytes = 22;
const longestComment = 0xffff;
const locatorBytes = 20;
const zip64EndBytes = 56;

/** From the first byte that can belong to the end records to the last byte of the file. */
export const longestEndBytes = zip64EndBytes + locatorBytes + endBytes + longestComment;

/**
 * Finds the one end record whose comment reaches the last byte of the file. Readers differ in which record they take
 * when there are several, so a second one in the comment is refused, and so is any byte that no record accounts for.
 */
export function readDirectoryEnd(archive: Buffer): DirectoryEnd {
  const offset = endRecordOffset(archive);
  const classic = readClassicEnd(archive, offset);
  const end =
    signatureAt(archive, offset - locatorBytes) === signatures.zip64Locator
      ? readZip64End(archive, classic)
      : classic;
  const directoryEnd = end.directoryStart + end.directoryBytes;
  if (directoryEnd > end.offset)
    throw archiveRefusal('truncated', 'The archive is cut off: parts of it are missing.');
  if (directoryEnd < end.offset) throw unaccountedBytes(archive, end, directoryEnd);
  if (end.entryCount === 0)
    throw archiveRefusal('empty_archive', 'The archive is empty: it needs at least an index.js.');
  return { entryCount: end.entryCount, directoryStart: end.directoryStart, directoryEnd };
}

function endRecordOffset(archive: Buffer): number {
  const first = Math.max(0, archive.length - endBytes - longestComment);
  let trailing = false;
  for (let offset = archive.length - endBytes; offset >= first; offset--) {
    if (signatureAt(archive, offset) !== signatures.end) continue;
    const recordEnd = offset + endBytes + archive.readUInt16LE(offset + 20);
    if (recordEnd === archive.length && !trailing) return offset;
    trailing = true;
  }
  if (trailing) {
    throw archiveRefusal(
      'trailing_data',
      'The archive has data after its end, or more than one end: pack it again.',
    );
  }
  if (signatureAt(archive, 0) === signatures.localHeader) {
    throw archiveRefusal('truncated', 'The archive is cut off: its end is missing.');
  }
  throw archiveRefusal('not_a_zip', 'The file is not a zip archive.');
}

function readClassicEnd(archive: Buffer, offset: number): EndRecord {
  const disks = [archive.readUInt16LE(offset + 4), archive.readUInt16LE(offset + 6)];
  const entriesHere = archive.readUInt16LE(offset + 8);
  const entryCount = archive.readUInt16LE(offset + 10);
  const onOneDisk = disks.every((disk) => disk === 0 || disk === 0xffff) && entriesHere === entryCount;
  if (!onOneDisk) throw multiDisk();
  return {
    entryCount,
    directoryBytes: archive.readUInt32LE(offset + 12),
    directoryStart: archive.readUInt32LE(offset + 16),
    offset,
  };
}

function readZip64End(archive: Buffer, classic: EndRecord): EndRecord {
  const locator = classic.offset - locatorBytes;
  const offset = uint64At(archive, locator + 8);
  if (archive.readUInt32LE(locator + 4) !== 0 || archive.readUInt32LE(locator + 16) > 1) throw multiDisk();
  // The record must end where its locator begins: room between them would be data that some readers see.
  const inPlace = offset + zip64EndBytes === locator && signatureAt(archive, offset) === signatures.zip64End;
  if (!inPlace || uint64At(archive, offset + 4) !== zip64EndBytes - 12) {
    throw archiveRefusal('malformed_header', 'The Zip64 end of the archive is malformed: pack it again.');
  }
  if (archive.readUInt32LE(offset + 16) !== 0 || archive.readUInt32LE(offset + 20) !== 0) throw multiDisk();
  const entryCount = uint64At(archive, offset + 32);
  if (uint64At(archive, offset + 24) !== entryCount) throw multiDisk();
  const zip64 = {
    entryCount,
    directoryBytes: uint64At(archive, offset + 40),
    directoryStart: uint64At(archive, offset + 48),
    offset,
  };
  const agrees =
    agree(classic.entryCount, zip64.entryCount, 0xffff) &&
    agree(classic.directoryBytes, zip64.directoryBytes, 0xffffffff) &&
    agree(classic.directoryStart, zip64.directoryStart, 0xffffffff);
  if (!agrees)
    throw archiveRefusal(
      'header_mismatch',
      'The two ends of the archive contradict each other: pack it again.',
    );
  return zip64;
}

/** A 32-bit field either says "look in the Zip64 record" or the same as that record. */
function agree(short: number, long: number, placeholder: number): boolean {
  return short === placeholder || short === long;
}

function unaccountedBytes(archive: Buffer, end: EndRecord, directoryEnd: number) {
  if (signatureAt(archive, directoryEnd) === signatures.centralHeader) {
    return archiveRefusal(
      'hidden_entries',
      'The archive holds entries that its directory does not count: pack it again.',
    );
  }
  if (signatureAt(archive, end.offset - end.directoryBytes) === signatures.centralHeader) {
    return archiveRefusal('prefix_data', 'The archive has data before its first entry: send the zip alone.');
  }
  return archiveRefusal('hidden_data', 'The archive has bytes that belong to no entry: pack it again.');
}

function multiDisk() {
  return archiveRefusal('multi_disk', 'The archive is split over several files: pack it as one.');
}

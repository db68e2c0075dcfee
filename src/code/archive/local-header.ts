import type { ApprovedEntry, ByteRange } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';
import { entryFlags } from './entry-kind.js';
import { nameBytesOf } from './entry-name.js';
import { readExtraFields, resolveZip64 } from './extra-fields.js';
import { signatureAt, signatures, uint64At } from './signatures.js';

/** One entry as the header before its data tells it. */
export interface LocalHeader {
  readonly rawName: Buffer;
  readonly unicodePath: Buffer | undefined;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  /** Where the header ends and the compressed data begin. */
  readonly dataStart: number;
}

/** Of a header, before its name and its extra fields. */
export const fixedHeaderBytes = 30;
/** Hints about how hard the packer tried; tools set them in one header only. */
const compressionHints = 0b110;

/** How long the header at `offset` is with its name and its extra fields. */
export function headerBytesAt(archive: Buffer, offset: number): number {
  return fixedHeaderBytes + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
}

/** Reads the header that `entry` points to; `directoryStart` is where entries must have ended. */
export function readLocalHeader(archive: Buffer, entry: CentralEntry, directoryStart: number): LocalHeader {
  const offset = entry.headerOffset;
  if (offset + fixedHeaderBytes > directoryStart || signatureAt(archive, offset) !== signatures.localHeader) {
    throw archiveRefusal(
      'malformed_header',
      `The entry ${quoted(entry.rawName)} has no local header: pack it again.`,
    );
  }
  const nameStart = offset + fixedHeaderBytes;
  const extraStart = nameStart + archive.readUInt16LE(offset + 26);
  const dataStart = extraStart + archive.readUInt16LE(offset + 28);
  if (dataStart + entry.compressedBytes > directoryStart) {
    throw archiveRefusal('truncated', `The data of the entry ${quoted(entry.rawName)} are cut off.`);
  }
  const rawName = archive.subarray(nameStart, extraStart);
  const { zip64, unicodePath } = readExtraFields(archive.subarray(extraStart, dataStart), rawName);
  const fields = [archive.readUInt32LE(offset + 22), archive.readUInt32LE(offset + 18)];
  const [unpackedBytes = 0, compressedBytes = 0] = resolveZip64(fields, zip64, rawName);
  return {
    rawName,
    unicodePath,
    flags: archive.readUInt16LE(offset + 6),
    method: archive.readUInt16LE(offset + 8),
    crc32: archive.readUInt32LE(offset + 14),
    compressedBytes,
    unpackedBytes,
    dataStart,
  };
}

/**
 * Some readers believe the central directory and some the local headers; an archive that tells them different things
 * was made to be understood differently by the checker and by the user.
 */
export function refuseContradiction(entry: CentralEntry, local: LocalHeader): void {
  const sameFlags = ((entry.flags ^ local.flags) & ~compressionHints) === 0;
  // A packer that streams does not know these yet and leaves them zero; the real ones follow the data.
  const streamed = (local.flags & entryFlags.dataDescriptor) !== 0;
  const matches = (said: number, real: number) => said === real || (streamed && said === 0);
  const same =
    local.rawName.equals(entry.rawName) &&
    // Some packers give the second name in the directory only.
    (local.unicodePath === undefined || nameBytesOf(local).equals(nameBytesOf(entry))) &&
    sameFlags &&
    local.method === entry.method &&
    matches(local.crc32, entry.crc32) &&
    matches(local.compressedBytes, entry.compressedBytes) &&
    matches(local.unpackedBytes, entry.unpackedBytes);
  if (!same) {
    throw archiveRefusal(
      'header_mismatch',
      `The two headers of the entry ${quoted(entry.rawName)} differ: pack it again.`,
    );
  }
}

/** An entry together with the header before its data. */
export interface PlacedEntry {
  readonly central: CentralEntry;
  readonly method: ApprovedEntry['method'];
  readonly local: LocalHeader;
}

export function compressedRangeOf({ central, local }: PlacedEntry): ByteRange {
  return { start: local.dataStart, end: local.dataStart + central.compressedBytes };
}

/** Entries that share bytes unpack to far more than the file can hold: no byte may belong to two. */
export function refuseOverlaps(entries: readonly PlacedEntry[]): void {
  let previousEnd = 0;
  for (const entry of inFileOrder(entries)) {
    if (entry.central.headerOffset < previousEnd) {
      throw archiveRefusal(
        'overlapping_entries',
        `The entry ${quoted(entry.central.rawName)} overlaps another one.`,
      );
    }
    previousEnd = compressedRangeOf(entry).end;
  }
}

/**
 * Entries must follow one another without a gap from the file's first byte to the central directory, so that a reader
 * that goes from header to header sees the same entries as one that uses the directory.
 */
export function refuseGaps(archive: Buffer, entries: readonly PlacedEntry[], directoryStart: number): void {
  const ordered = inFileOrder(entries);
  if (ordered[0]?.central.headerOffset !== 0) {
    throw archiveRefusal('prefix_data', 'The archive has data before its first entry: send the zip alone.');
  }
  ordered.forEach((entry, index) => {
    const gapStart = compressedRangeOf(entry).end;
    const gapEnd = ordered[index + 1]?.central.headerOffset ?? directoryStart;
    const gap = archive.subarray(gapStart, gapEnd);
    if (gap.length > 0 && !isDescriptorOf(entry.central, gap)) {
      throw archiveRefusal(
        'hidden_data',
        `After the entry ${quoted(entry.central.rawName)} there are bytes that belong to no entry: pack it again.`,
      );
    }
  });
}

function inFileOrder(entries: readonly PlacedEntry[]): PlacedEntry[] {
  return [...entries].sort((a, b) => a.central.headerOffset - b.central.headerOffset);
}

/** A data descriptor: checksum and both sizes, 32 or 64 bits wide, with or without a signature. */
function isDescriptorOf(entry: CentralEntry, gap: Buffer): boolean {
  if ((entry.flags & entryFlags.dataDescriptor) === 0) return false;
  const signed = gap.length === 16 || gap.length === 24;
  const values = signed ? gap.subarray(4) : gap;
  if (signed && gap.readUInt32LE(0) !== signatures.dataDescriptor) return false;
  if (values.length !== 12 && values.length !== 20) return false;
  const sizes =
    values.length === 12
      ? [values.readUInt32LE(4), values.readUInt32LE(8)]
      : [uint64At(values, 4), uint64At(values, 12)];
  return (
    values.readUInt32LE(0) === entry.crc32 &&
    sizes[0] === entry.compressedBytes &&
    sizes[1] === entry.unpackedBytes
  );
}

import type { ApprovedEntry, ByteRange } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';
import { entryFlags } from './entry-flags.js';
import type { LocalHeader } from './local-header.js';
import { signatures, uint64At } from './signatures.js';

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

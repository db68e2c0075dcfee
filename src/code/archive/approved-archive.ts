import type { EntryKind, PackingMethod } from './entry-kind.js';
import type { EntryTree } from './entry-tree.js';

/** Half-open: `end` is the first byte after it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An entry of which every header has been checked; what is left to check is its content. */
export interface ApprovedEntry {
  /** Below the code's root. None is empty, `.` or `..`; there are none only for the root itself. */
  readonly segments: readonly string[];
  readonly kind: EntryKind;
  readonly executable: boolean;
  readonly method: PackingMethod;
  /** Offset of the local header. */
  readonly headerOffset: number;
  readonly compressed: ByteRange;
  readonly unpackedBytes: number;
  readonly crc32: number;
  /** The name as it stands in the archive, byte for byte. */
  readonly rawName: Buffer;
}

/** The plan that unpacking follows; made by `validateArchive` alone. */
export interface ApprovedArchive {
  /** All that the archive lists, in the order of the central directory. */
  readonly listed: readonly ApprovedEntry[];
  /** What is unpacked of it, and where. */
  readonly entries: readonly ApprovedEntry[];
  readonly tree: EntryTree;
  /** Of what is unpacked. */
  readonly unpackedBytes: number;
  /** Sentences to whoever sent it on how it was read, such as what was taken as its root. */
  readonly notes: readonly string[];
}

import type { ApprovedEntry } from './approved-archive.js';
import { ratioFloorBytes, type ArchiveLimits } from './archive-limits.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';

/** Judges the declared sizes, file by file and together; unpacking then holds every file to what it declared. */
export function refuseLargeContent(entries: readonly ApprovedEntry[], limits: ArchiveLimits): void {
  let unpackedBytes = 0;
  let compressedBytes = 0;
  for (const entry of entries) {
    unpackedBytes += entry.unpackedBytes;
    compressedBytes += compressedBytesOf(entry);
    if (entry.unpackedBytes > limits.maxFileBytes) {
      throw archiveRefusal(
        'file_too_large',
        `${quoted(entry.rawName)} is larger than ${limits.maxFileBytes} bytes unpacked.`,
      );
    }
  }
  if (unpackedBytes > limits.maxUnpackedBytes) {
    throw archiveRefusal(
      'unpacked_too_large',
      `The archive is larger than ${limits.maxUnpackedBytes} bytes unpacked.`,
    );
  }
  const dense = entries.some((entry) => exceedsRatio(entry.unpackedBytes, compressedBytesOf(entry), limits));
  if (dense || exceedsRatio(unpackedBytes, compressedBytes, limits)) {
    throw archiveRefusal(
      'ratio_too_high',
      `The archive unpacks to more than ${limits.maxRatio} times its size.`,
    );
  }
}

/** A link's content is the path it leads to, so it is never longer than a path. */
export function refuseLargeLink(entry: CentralEntry, limits: ArchiveLimits): void {
  if (entry.unpackedBytes === 0 || entry.unpackedBytes > limits.maxPathBytes) {
    throw archiveRefusal('unsafe_link', `The link ${quoted(entry.rawName)} does not hold a path.`);
  }
}

function exceedsRatio(unpackedBytes: number, compressedBytes: number, limits: ArchiveLimits): boolean {
  return unpackedBytes > ratioFloorBytes && unpackedBytes > compressedBytes * limits.maxRatio;
}

function compressedBytesOf({ compressed }: ApprovedEntry): number {
  return compressed.end - compressed.start;
}

/** What an archive may cost. All numbers come from `archive.settings.ts`. */
export interface ArchiveLimits {
  /** Of the archive itself. */
  readonly maxArchiveBytes: number;
  /** Of all files together, unpacked. */
  readonly maxUnpackedBytes: number;
  /** Of one file, unpacked. */
  readonly maxFileBytes: number;
  /** Files, links and directories, those that only appear inside other paths included. */
  readonly maxEntries: number;
  /** Unpacked bytes per compressed byte, asked only of what is larger than `ratioFloorBytes`. */
  readonly maxRatio: number;
  readonly maxPathBytes: number;
  readonly maxSegmentBytes: number;
  /** Segments of a path. */
  readonly maxDepth: number;
}

/** Small files may have any ratio: an empty log or a table of zeros is no attack. */
export const ratioFloorBytes = 1024 * 1024;

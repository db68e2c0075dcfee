import { integer, settingsGroup, type SettingsOf } from '../../common/settings/settings.js';
import type { ArchiveLimits } from './archive-limits.js';

const bytesPerMiB = 1024 * 1024;

/** What an uploaded archive may cost to receive and to unpack. */
export const archiveSettings = settingsGroup('archive', {
  maxArchiveMiB: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_MIB',
    meaning: 'Largest accepted archive, in MiB.',
    defaultValue: 50,
    min: 1,
    max: 1024,
  }),
  maxUnpackedMiB: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_UNPACKED_MIB',
    meaning: 'Largest size of all files of an archive together, unpacked, in MiB.',
    defaultValue: 250,
    min: 1,
    max: 10_240,
  }),
  maxFileMiB: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_FILE_MIB',
    meaning: 'Largest file of an archive, unpacked, in MiB; it is held in memory while it is unpacked.',
    defaultValue: 100,
    min: 1,
    max: 1024,
  }),
  maxEntries: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_ENTRIES',
    meaning: 'Most files, links and directories in an archive.',
    defaultValue: 10_000,
    min: 1,
    max: 60_000,
  }),
  maxRatio: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_RATIO',
    meaning: 'Most unpacked bytes per compressed byte, for files and archives of more than 1 MiB unpacked.',
    defaultValue: 100,
    min: 1,
    max: 2000,
  }),
  maxPathBytes: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_PATH_BYTES',
    meaning: 'Longest path in an archive, in bytes.',
    defaultValue: 1024,
    min: 16,
    max: 2048,
  }),
  maxSegmentBytes: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_SEGMENT_BYTES',
    meaning: 'Longest file or directory name in an archive, in bytes.',
    defaultValue: 255,
    min: 16,
    max: 255,
  }),
  maxDepth: integer({
    variable: 'GLAMBDAR_ARCHIVE_MAX_DEPTH',
    meaning: 'Deepest path in an archive, in path segments.',
    defaultValue: 32,
    min: 1,
    max: 100,
  }),
  unpackTimeoutMs: integer({
    variable: 'GLAMBDAR_UNPACK_TIMEOUT_MS',
    meaning: 'Longest time for unpacking one archive, in milliseconds.',
    defaultValue: 30_000,
    min: 100,
    max: 600_000,
  }),
  unpackHeapMiB: integer({
    variable: 'GLAMBDAR_UNPACK_HEAP_MIB',
    meaning:
      'Heap of the thread that unpacks an archive, in MiB; one file, packed and unpacked, needs memory in addition.',
    defaultValue: 256,
    min: 32,
    max: 4096,
  }),
  parallelUnpackings: integer({
    variable: 'GLAMBDAR_UNPACK_PARALLEL',
    meaning: 'Archives that are unpacked at the same time.',
    defaultValue: 2,
    min: 1,
    max: 64,
  }),
  unpackQueueLength: integer({
    variable: 'GLAMBDAR_UNPACK_QUEUE',
    meaning: 'Most archives that wait to be unpacked; further ones are rejected.',
    defaultValue: 16,
    min: 0,
    max: 1000,
  }),
  unpackQueueTimeoutMs: integer({
    variable: 'GLAMBDAR_UNPACK_QUEUE_TIMEOUT_MS',
    meaning: 'Longest time an archive waits to be unpacked, in milliseconds.',
    defaultValue: 30_000,
    min: 1,
    max: 600_000,
  }),
});

/** The limits in the validator's units. */
export function limitsFrom(settings: SettingsOf<typeof archiveSettings>): ArchiveLimits {
  const { maxEntries, maxRatio, maxPathBytes, maxSegmentBytes, maxDepth } = settings;
  return {
    maxArchiveBytes: settings.maxArchiveMiB * bytesPerMiB,
    maxUnpackedBytes: settings.maxUnpackedMiB * bytesPerMiB,
    maxFileBytes: settings.maxFileMiB * bytesPerMiB,
    maxEntries,
    maxRatio,
    maxPathBytes,
    maxSegmentBytes,
    maxDepth,
  };
}

/** What a server takes of an archive: told before anything is sent. */

const mebibyte = 1024 * 1024;

/** What no server takes, whatever its operator allows. */
export const archiveMaximums = {
  archiveBytes: 1024 * mebibyte,
  unpackedBytes: 10_240 * mebibyte,
  fileBytes: 1024 * mebibyte,
  entries: 60_000,
  pathBytes: 2048,
  nameBytes: 255,
  depth: 100,
} as const;

/** What a server takes unless its operator allows more, and the setting that does. */
export const archiveDefaults = {
  archiveBytes: { limit: 50 * mebibyte, setting: 'GLAMBDAR_ARCHIVE_MAX_MIB' },
  unpackedBytes: { limit: 250 * mebibyte, setting: 'GLAMBDAR_ARCHIVE_MAX_UNPACKED_MIB' },
  fileBytes: { limit: 100 * mebibyte, setting: 'GLAMBDAR_ARCHIVE_MAX_FILE_MIB' },
  entries: { limit: 10_000, setting: 'GLAMBDAR_ARCHIVE_MAX_ENTRIES' },
} as const;

/** Control characters, what reorders text on screen, line separators, and what stands for a decoding error. */
const deceptive = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/u;

interface Sized {
  readonly path: string;
  readonly bytes: number;
}

export interface LimitFindings {
  /** Why every server refuses it; undefined if none must. */
  readonly refusal: string | undefined;
  /** Why most servers refuse it. */
  readonly warnings: readonly string[];
}

/** Of what is going to be packed. */
export function checkLimits(entries: readonly Sized[]): LimitFindings {
  const unpackedBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = entries.reduce((most, entry) => (entry.bytes > most.bytes ? entry : most), {
    path: '',
    bytes: 0,
  });
  const sizes = [
    { what: 'All files together have', key: 'unpackedBytes', value: unpackedBytes, show: mebibytes },
    { what: `${JSON.stringify(largest.path)} has`, key: 'fileBytes', value: largest.bytes, show: mebibytes },
    { what: 'The function has', key: 'entries', value: entries.length, show: files },
  ] as const;
  const refusals = [
    ...entries.map(({ path }) => pathProblem(path)),
    ...sizes.map(({ what, key, value, show }) =>
      value > archiveMaximums[key]
        ? `${what} ${show(value)}, and no server takes more than ${show(archiveMaximums[key])}: ${leaveOut}.`
        : undefined,
    ),
  ];
  return {
    refusal: refusals.find((refusal) => refusal !== undefined),
    warnings: sizes.flatMap(({ what, key, value, show }) =>
      warningOf(what, archiveDefaults[key], value, show),
    ),
  };
}

/** Of the packed archive. */
export function checkArchiveBytes(bytes: number): LimitFindings {
  const { archiveBytes } = archiveMaximums;
  return {
    refusal:
      bytes > archiveBytes
        ? `The archive has ${mebibytes(bytes)}, and no server takes more than ${mebibytes(archiveBytes)}: ${leaveOut}.`
        : undefined,
    warnings: warningOf('The archive has', archiveDefaults.archiveBytes, bytes, mebibytes),
  };
}

const leaveOut = 'name what the function does not need in .glambdarignore';

function warningOf(
  what: string,
  { limit, setting }: { readonly limit: number; readonly setting: string },
  value: number,
  show: (value: number) => string,
): string[] {
  if (value <= limit) return [];
  return [
    `${what} ${show(value)}. A server takes ${show(limit)} unless its operator allows more with ${setting}.`,
  ];
}

/** The names that every server refuses. */
function pathProblem(path: string): string | undefined {
  const parts = path.split('/');
  const shown = JSON.stringify(path);
  if (deceptive.test(path) || path.includes('\\') || /^[A-Za-z]:/.test(path)) {
    return `The name ${shown} has characters that no server takes (control characters, backslashes, or what is not UTF-8): rename it, or name it in .glambdarignore.`;
  }
  if (parts.some((part) => /[. ]$/.test(part))) {
    return `The name ${shown} has a part that ends in a dot or a space, which no server takes: rename it, or name it in .glambdarignore.`;
  }
  const isTooLong =
    Buffer.byteLength(path) > archiveMaximums.pathBytes ||
    parts.length > archiveMaximums.depth ||
    parts.some((part) => Buffer.byteLength(part) > archiveMaximums.nameBytes);
  if (!isTooLong) return undefined;
  return `The path ${shown} is too long: at most ${archiveMaximums.pathBytes} bytes, ${archiveMaximums.nameBytes} in each part, and ${archiveMaximums.depth} parts.`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function files(count: number): string {
  return `${count} files`;
}

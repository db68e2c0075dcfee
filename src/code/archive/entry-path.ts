import type { ArchiveLimits } from './archive-limits.js';
import { archiveRefusal, quoted } from './archive-refusal.js';

export interface EntryPath {
  /** Empty for `./`, the root itself, which some packers list. */
  readonly segments: readonly string[];
  /** The name ends in a slash, which is how the format marks a directory. */
  readonly directory: boolean;
}

/** Control characters, what reorders text on screen, line separators, and what stands for a decoding error. */
const deceptive = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/u;

/**
 * The path an entry's name stands for. Windows separators become slashes and a leading `./` is dropped, then nothing
 * else is repaired: a name that does not fit is refused, never rewritten.
 */
export function entryPathOf(text: string, limits: ArchiveLimits): EntryPath {
  if (deceptive.test(text)) throw unsafePath(text);
  const name = text.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const isRoot = name === '' && text !== '';
  if (isRoot) return { segments: [], directory: true };
  const directory = name.endsWith('/');
  const segments = (directory ? name.slice(0, -1) : name).split('/');
  if (/^[A-Za-z]:/.test(name) || !segments.every(isSafeSegment)) throw unsafePath(text);
  refuseLong(text, segments, limits);
  return { segments, directory };
}

/** Windows drops dots and spaces at the end of a name, so `.. ` would be the parent there. */
function isSafeSegment(segment: string): boolean {
  return segment !== '' && !/[. ]$/.test(segment);
}

function refuseLong(text: string, segments: readonly string[], limits: ArchiveLimits): void {
  const tooLong =
    Buffer.byteLength(segments.join('/')) > limits.maxPathBytes ||
    segments.length > limits.maxDepth ||
    segments.some((segment) => Buffer.byteLength(segment) > limits.maxSegmentBytes);
  if (tooLong) {
    throw archiveRefusal(
      'path_too_long',
      `The path ${quoted(text)} is too long: at most ${limits.maxPathBytes} bytes, ` +
        `${limits.maxSegmentBytes} in each part, and ${limits.maxDepth} parts.`,
    );
  }
}

function unsafePath(text: string) {
  return archiveRefusal(
    'unsafe_path',
    `The name ${quoted(text)} is not allowed: names are relative paths without "..", empty parts, ` +
      'control characters, or dots and spaces at the end of a part.',
  );
}

import { crc32 } from 'node:zlib';
import type { ArchiveLimits } from './archive-limits.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import { entryFlags } from './entry-kind.js';
import { nameEncodingOf, nameText } from './name-encoding.js';

/** The fields of a header that say how an entry is called. */
export interface NamedHeader {
  readonly rawName: Buffer;
  readonly flags: number;
  /** The extra field with a second, UTF-8 name. */
  readonly unicodePath: Buffer | undefined;
}

export interface EntryName {
  readonly text: string;
  /** The archive does not say in which encoding the name is, and it is not UTF-8. */
  readonly guessed: boolean;
}

const checksumOffset = 1;
const secondNameOffset = 5;

/**
 * The name that a header stands for: that of the Unicode Path field where it belongs to this header, or the header's own.
 * Names are UTF-8 whether the flag says so or not, as macOS and most tools write them; what is no UTF-8 and not flagged
 * as such is code page 437, as the format has it.
 */
export function entryNameOf(header: NamedHeader): EntryName {
  const bytes = nameBytesOf(header);
  const encoding = nameEncodingOf(bytes);
  const saysUtf8 = (header.flags & entryFlags.utf8) !== 0 || bytes !== header.rawName;
  if (encoding !== 'utf-8' && saysUtf8) {
    throw archiveRefusal(
      'unsafe_path',
      `The name ${quoted(bytes)} is marked as UTF-8 but is not: pack it again with UTF-8 names.`,
    );
  }
  return { text: nameText(bytes), guessed: encoding !== 'utf-8' };
}

/**
 * Some readers take the name from the extra field and some from the header. They may differ only as the field allows:
 * the header's name has no flag, and the field has its checksum, so that it was not left behind by a renaming tool.
 */
export function nameBytesOf({ rawName, flags, unicodePath }: NamedHeader): Buffer {
  if (unicodePath === undefined) return rawName;
  const second = unicodePath.subarray(secondNameOffset);
  if (second.equals(rawName)) return rawName;
  const belongs =
    unicodePath.length > secondNameOffset &&
    unicodePath[0] === 1 &&
    unicodePath.readUInt32LE(checksumOffset) === crc32(rawName);
  if (belongs && (flags & entryFlags.utf8) === 0) return second;
  throw archiveRefusal(
    'header_mismatch',
    `The entry ${quoted(rawName)} has two different names: pack it again.`,
  );
}

interface EntryPath {
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

import { crc32 } from 'node:zlib';
import { archiveRefusal, quoted } from './archive-refusal.js';
import { entryFlags } from './entry-flags.js';
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

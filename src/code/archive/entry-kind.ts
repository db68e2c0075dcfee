import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';

/** How an entry's data are packed. */
export type PackingMethod = 'stored' | 'deflated';

export type EntryKind = 'file' | 'directory' | 'link';

const typeMask = 0o170000;
const types = { unknown: 0, directory: 0o040000, file: 0o100000, link: 0o120000 } as const;
const anyExecuteBit = 0o111;

/**
 * What an entry is. The type counts whatever system the packer names as its own: a reader elsewhere may obey it.
 * Of the permissions only "executable" is kept; setuid, world-writable and the like are ignored.
 */
export function entryKindOf(entry: CentralEntry, namedAsDirectory: boolean): EntryKind {
  const kind = storedKind(entry, namedAsDirectory);
  if (kind === 'directory' && entry.unpackedBytes !== 0) {
    throw archiveRefusal(
      'header_mismatch',
      `The directory ${quoted(entry.rawName)} has content: pack it again.`,
    );
  }
  return kind;
}

export function isExecutable(entry: CentralEntry): boolean {
  return (entry.unixMode & anyExecuteBit) !== 0;
}

function storedKind(entry: CentralEntry, namedAsDirectory: boolean): EntryKind {
  switch (entry.unixMode & typeMask) {
    case types.unknown:
    case types.file:
      return namedAsDirectory ? 'directory' : 'file';
    case types.directory:
      if (namedAsDirectory) return 'directory';
      throw archiveRefusal(
        'header_mismatch',
        `${quoted(entry.rawName)} is a directory in one header and a file in the other.`,
      );
    case types.link:
      if (!namedAsDirectory) return 'link';
      throw archiveRefusal('unsafe_link', `${quoted(entry.rawName)} is a link and a directory at once.`);
    default:
      throw archiveRefusal(
        'special_file',
        `${quoted(entry.rawName)} is a device, pipe or socket: only files, directories and links are allowed.`,
      );
  }
}

/** Bits of the general purpose flag that change how an entry or its name is read. */
export const entryFlags = {
  encrypted: 1 << 0,
  dataDescriptor: 1 << 3,
  patched: 1 << 5,
  stronglyEncrypted: 1 << 6,
  utf8: 1 << 11,
  maskedHeaders: 1 << 13,
} as const;

const anyEncryption = entryFlags.encrypted | entryFlags.stronglyEncrypted | entryFlags.maskedHeaders;

const methods: ReadonlyMap<number, PackingMethod> = new Map([
  [0, 'stored'],
  [8, 'deflated'],
]);

/** How the entry's data are packed; only what every tool writes by default is read. */
export function methodOf(entry: CentralEntry): PackingMethod {
  if ((entry.flags & anyEncryption) !== 0) {
    throw archiveRefusal(
      'encrypted',
      `The entry ${quoted(entry.rawName)} is encrypted: pack it without a password.`,
    );
  }
  const method = methods.get(entry.method);
  if (method === undefined || (entry.flags & entryFlags.patched) !== 0) {
    throw archiveRefusal(
      'unsupported_method',
      `The entry ${quoted(entry.rawName)} is compressed in an unusual way: use the method "deflate" or "store".`,
    );
  }
  if (method === 'stored' && entry.compressedBytes !== entry.unpackedBytes) {
    throw archiveRefusal(
      'header_mismatch',
      `The entry ${quoted(entry.rawName)} is stored with two sizes: pack it again.`,
    );
  }
  return method;
}

import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';

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

import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** What a directory meant for the server holds, as far as it shows whose directory it is. */
export interface DirectoryContent {
  readonly names: readonly string[];
  /** Of the installation; undefined where there is none, or none that is whole. */
  readonly id: string | undefined;
  /** It has a database with one of Glambdar's marks; of interest only without an id. */
  readonly hasDatabase: boolean;
  /** Those of the names that a first start makes before the id, and that hold what it puts there. */
  readonly beginnings: readonly string[];
}

export type Ownership =
  | { readonly kind: 'installation'; readonly id: string }
  /** Ours, but for the id: a backup that was restored. */
  | { readonly kind: 'restored' }
  /** Nobody's: empty, or left by a first start that was broken off. */
  | { readonly kind: 'free' }
  | { readonly kind: 'damaged' }
  /** `names` are the entries that are not ours. */
  | { readonly kind: 'foreign'; readonly names: readonly string[] };

/** Found in a file system or a folder that nobody has put anything into. */
const ofNobody = ['lost+found', '.DS_Store'];

/** Everything that a server makes in its directory. */
const ours =
  /^(functions|staging|run|hosts|build-cache|server\.lock(-journal)?|secrets\.key(\.new)?|installation-id(\.new)?|(glambdar|access|records|builds|events)\.sqlite(\.unusable)?(-wal|-shm|-journal)?)$/;

/**
 * Whose the directory is. An id or one of our databases is the proof that it is ours; a name alone is none, because
 * what would then be emptied may be somebody's own `staging`.
 */
export function whoseDirectory({ names, id, hasDatabase, beginnings }: DirectoryContent): Ownership {
  if (id !== undefined) return { kind: 'installation', id };
  const found = names.filter((name) => !ofNobody.includes(name) && !beginnings.includes(name));
  if (found.length === 0) return { kind: 'free' };
  const unknown = found.filter((name) => !ours.test(name));
  if (names.includes('installation-id') && (hasDatabase || unknown.length === 0)) return { kind: 'damaged' };
  if (!hasDatabase) return { kind: 'foreign', names: found };
  return unknown.length === 0 ? { kind: 'restored' } : { kind: 'foreign', names: unknown };
}

/** The header of an SQLite journal; nothing that a first start makes is longer. */
const longestBeginningBytes = 512;

const databases = ['glambdar.sqlite', 'access.sqlite', 'records.sqlite', 'builds.sqlite', 'events.sqlite'];

/** Of SQLite's file format: how every database begins, and where the mark of the program that made it stands. */
const sqliteMagic = 'SQLite format 3\0';
const applicationIdOffset = 68;

/** The ids of our databases begin so and end in a letter for each. */
const ourApplicationId = 'GLM';

/**
 * Reads the directory and changes nothing. The names come first, for a server may be starting. Neither the lock nor,
 * in an installation, a database is opened: closing it again would let go of the locks this process has on it.
 */
export function contentOf(directory: string): DirectoryContent {
  const names = readdirSync(directory);
  const id = /^([0-9a-f]{8})\n?$/.exec(textIn(join(directory, 'installation-id')) ?? '')?.[1];
  const isOurs = (name: string) => names.includes(name) && isOurDatabase(join(directory, name));
  return {
    names,
    id,
    hasDatabase: id === undefined && databases.some(isOurs),
    beginnings: names.filter((name) => isBeginning(name, join(directory, name))),
  };
}

/** The lock is always empty, its journal is SQLite's, and an id may be there in part. */
function isBeginning(name: string, file: string): boolean {
  if (name === 'server.lock') return shortFile(file)?.size === 0;
  if (name === 'server.lock-journal') return shortFile(file) !== undefined;
  const isId = name === 'installation-id' || name === 'installation-id.new';
  return isId && /^[0-9a-f]{0,8}\n?$/.test(textIn(file) ?? 'unreadable');
}

function shortFile(file: string): Stats | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= longestBeginningBytes ? found : undefined;
}

function textIn(file: string): string | undefined {
  return shortFile(file) && readFileSync(file, 'latin1');
}

function isOurDatabase(file: string): boolean {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const header = Buffer.alloc(applicationIdOffset + 4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const text = header.toString('latin1');
  return text.startsWith(sqliteMagic) && text.startsWith(ourApplicationId, applicationIdOffset);
}

import type { ApprovedArchive, ApprovedEntry } from './approved-archive.js';
import { type ArchiveLimits, ratioFloorBytes } from './archive-limits.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import { type CentralEntry, readCentralDirectory } from './central-directory.js';
import {
  compressedRangeOf,
  type PlacedEntry,
  readLocalHeader,
  refuseContradiction,
  refuseGaps,
  refuseOverlaps,
} from './local-header.js';
import { readDirectoryEnd } from './end-of-central-directory.js';
import { entryKindOf, isExecutable, methodOf } from './entry-kind.js';
import { entryNameOf, entryPathOf } from './entry-name.js';
import { EntryTree, folded, tooManyEntries, type TreeNode } from './entry-tree.js';

/** Of names that were guessed. */
const mostNamesShown = 3;

/**
 * Takes every header of an archive apart before one byte is inflated, and says what unpacking may do for a function
 * with this `handler`; without one the root is the archive's own. Accounts for every byte of the file; whatever two readers could understand differently is
 * refused, also in what is then not unpacked. Pure: no disk, no clock.
 *
 * @throws DomainError `INVALID_ARCHIVE` or `ARCHIVE_TOO_LARGE`, `details.reason` is an `ArchiveReason`.
 */
export function validateArchive(
  archive: Buffer,
  limits: ArchiveLimits,
  handler: string | null,
): ApprovedArchive {
  if (archive.length > limits.maxArchiveBytes) throw archiveTooLarge(limits);
  const end = readDirectoryEnd(archive);
  if (end.entryCount > limits.maxEntries) throw tooManyEntries(limits.maxEntries);
  const placed = readCentralDirectory(archive, end).map((central) => ({
    central,
    method: methodOf(central),
    local: readLocalHeader(archive, central, end.directoryStart),
  }));
  refuseOverlaps(placed);
  for (const { central, local } of placed) refuseContradiction(central, local);
  refuseGaps(archive, placed, end.directoryStart);
  const names = placed.map(({ central }) => entryNameOf(central));
  const listed = placed.map((entry, index) => approvedEntry(entry, names[index]?.text ?? '', limits));
  refuseLargeContent(listed, limits);
  const root = handler === null ? [] : rootFolderOf(treeOf(listed, limits), handler);
  const entries = entriesBelow(root, listed);
  const guessed = names.filter((name) => name.guessed).map(({ text }) => text);
  return {
    listed,
    entries,
    tree: treeOf(entries, limits),
    unpackedBytes: entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0),
    notes: archiveNotes(root, guessed),
  };
}

export function archiveTooLarge({ maxArchiveBytes }: ArchiveLimits) {
  return archiveRefusal('archive_too_large', `The archive is larger than ${maxArchiveBytes} bytes.`);
}

function approvedEntry(placed: PlacedEntry, name: string, limits: ArchiveLimits): ApprovedEntry {
  const { central, method } = placed;
  const { segments, directory } = entryPathOf(name, limits);
  const kind = entryKindOf(central, directory);
  if (kind === 'link') refuseLargeLink(central, limits);
  return {
    segments,
    kind,
    executable: isExecutable(central),
    method,
    headerOffset: central.headerOffset,
    compressed: compressedRangeOf(placed),
    unpackedBytes: central.unpackedBytes,
    crc32: central.crc32,
    rawName: central.rawName,
  };
}

/** What desktops leave in archives stays there; above the root there are only the directories that lead to it. */
function entriesBelow(root: readonly string[], listed: readonly ApprovedEntry[]): ApprovedEntry[] {
  const kept = listed.filter(({ segments }) => !isClutter(segments));
  if (kept.length === 0) {
    throw archiveRefusal('empty_archive', 'The archive has no code: it needs at least an index.js.');
  }
  if (root.length === 0) return kept;
  return kept
    .filter(({ segments }) => segments.length > root.length)
    .map((entry) => ({ ...entry, segments: entry.segments.slice(root.length) }));
}

function treeOf(entries: readonly ApprovedEntry[], limits: ArchiveLimits): EntryTree {
  const tree = new EntryTree(limits.maxEntries);
  for (const { segments, kind } of entries) tree.add(segments, kind);
  return tree;
}

/** Notes for the uploader on how the archive was read; one sentence each. */
function archiveNotes(rootFolder: readonly string[], guessedNames: readonly string[]): string[] {
  const notes: string[] = [];
  if (rootFolder.length > 0) {
    notes.push(`The folder ${quoted(rootFolder.join('/'))} of the archive was taken as its root.`);
  }
  if (guessedNames.length > 0) {
    notes.push(
      `Names that are not UTF-8 were read as code page 437, as the zip format says: ${shortListOf(guessedNames)}. ` +
        'If they look wrong, pack again with UTF-8 names, in 7-Zip with the parameter cu=on.',
    );
  }
  return notes;
}

function shortListOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNamesShown).map(quoted).join(', ');
  const more = names.length - mostNamesShown;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Judges the declared sizes, file by file and together; unpacking then holds every file to what it declared. */
function refuseLargeContent(entries: readonly ApprovedEntry[], limits: ArchiveLimits): void {
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
function refuseLargeLink(entry: CentralEntry, limits: ArchiveLimits): void {
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

/** As the worker looks for them. */
export const entryExtensions = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];

/**
 * The folder of an archive that becomes the code's root: usually the archive's own, for which it is empty. Packing a
 * folder instead of its contents makes an archive with that one folder at its top; it becomes the root if the handler's
 * file is in it, and not at the path that the handler names. A folder without that file stays where it is.
 */
function rootFolderOf(tree: EntryTree, handler: string): readonly string[] {
  const folder: string[] = [];
  let node: TreeNode | undefined = tree.root;
  while (node !== undefined) {
    if (holdsEntryFile(node, handler)) return folder;
    node = onlyFolderIn(node);
    if (node !== undefined) folder.push(node.name);
  }
  return [];
}

/** Handlers are `file.export`, the file with its folders and without its ending. */
function holdsEntryFile(root: TreeNode, handler: string): boolean {
  const entryPath = handler.slice(0, handler.lastIndexOf('.'));
  return entryExtensions.some((extension) => isFile(nodeAt(root, `${entryPath}.${extension}`.split('/'))));
}

function nodeAt(root: TreeNode, segments: readonly string[]): TreeNode | undefined {
  let node = root;
  for (const segment of segments) {
    const child = node.children.get(folded(segment));
    if (child?.name !== segment) return undefined;
    node = child;
  }
  return node;
}

function isFile(node: TreeNode | undefined): boolean {
  return node !== undefined && node.kind !== 'directory';
}

/** The one folder that holds everything else; never `node_modules`, whose packages hold no handler. */
function onlyFolderIn(node: TreeNode): TreeNode | undefined {
  const [only, ...more] = [...node.children.values()].filter(({ name }) => !isClutter([name]));
  const isFolder = only?.kind === 'directory' && only.name !== 'node_modules';
  return isFolder && more.length === 0 ? only : undefined;
}

/** What desktops add to folders and archives, wherever it is in them. No code needs it. */
const clutterFiles: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
const clutterFolder = '__MACOSX';

/** Whether an entry is such a thing, or is in one. */
function isClutter(segments: readonly string[]): boolean {
  return segments.includes(clutterFolder) || clutterFiles.has(segments.at(-1) ?? '');
}

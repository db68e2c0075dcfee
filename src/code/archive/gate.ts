import type { ApprovedArchive, ApprovedEntry } from './approved-archive.js';
import type { ArchiveLimits } from './archive-limits.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import { readCentralDirectory } from './central-directory.js';
import { isClutter, rootFolderOf } from './code-root.js';
import { compressedRangeOf, refuseGaps, refuseOverlaps, type PlacedEntry } from './data-layout.js';
import { readDirectoryEnd } from './end-of-central-directory.js';
import { methodOf } from './entry-flags.js';
import { entryKindOf, isExecutable } from './entry-kind.js';
import { entryNameOf } from './entry-name.js';
import { entryPathOf } from './entry-path.js';
import { EntryTree, tooManyEntries } from './entry-tree.js';
import { readLocalHeader, refuseContradiction } from './local-header.js';
import { refuseLargeContent, refuseLargeLink } from './unpacked-size.js';

/** Of names that were guessed. */
const mostNamesShown = 3;

/**
 * Takes every header of an archive apart before one byte is inflated, and says what unpacking may do for a function
 * with this `handler`. Accounts for every byte of the file; whatever two readers could understand differently is
 * refused, also in what is then not unpacked. Pure: no disk, no clock.
 *
 * @throws DomainError `INVALID_ARCHIVE` or `ARCHIVE_TOO_LARGE`, `details.reason` is an `ArchiveReason`.
 */
export function approve(archive: Buffer, limits: ArchiveLimits, handler: string): ApprovedArchive {
  if (archive.length > limits.maxArchiveBytes) {
    throw archiveRefusal('archive_too_large', `The archive is larger than ${limits.maxArchiveBytes} bytes.`);
  }
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
  const root = rootFolderOf(treeOf(listed, limits), handler);
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

/** What whoever sent an archive should know of how it was read; one sentence each. */
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

import { archiveRefusal } from './archive-refusal.js';
import { readCentralDirectory } from './central-directory.js';
import { compressedRangeOf, refuseGaps, refuseOverlaps } from './data-layout.js';
import { readDirectoryEnd } from './end-of-central-directory.js';
import { methodOf } from './entry-flags.js';
import { entryKindOf, isExecutable } from './entry-kind.js';
import { entryPathOf } from './entry-path.js';
import { EntryTree, tooManyEntries } from './entry-tree.js';
import { readLocalHeader, refuseContradiction } from './local-header.js';
import { refuseLargeContent, refuseLargeLink } from './unpacked-size.js';
/**
 * Takes every header of an archive apart before one byte is inflated, and says what unpacking may do. Accounts for
 * every byte of the file; whatever two readers could understand differently is refused. Pure: no disk, no clock.
 *
 * @throws DomainError `INVALID_ARCHIVE` or `ARCHIVE_TOO_LARGE`, `details.reason` is an `ArchiveReason`.
 */ export function approve(archive, limits) {
    if (archive.length > limits.maxArchiveBytes) {
        throw archiveRefusal('archive_too_large', `The archive is larger than ${limits.maxArchiveBytes} bytes.`);
    }
    const end = readDirectoryEnd(archive);
    if (end.entryCount > limits.maxEntries) throw tooManyEntries(limits.maxEntries);
    const placed = readCentralDirectory(archive, end).map((central)=>({
            central,
            method: methodOf(central),
            local: readLocalHeader(archive, central, end.directoryStart)
        }));
    refuseOverlaps(placed);
    for (const { central, local } of placed)refuseContradiction(central, local);
    refuseGaps(archive, placed, end.directoryStart);
    const entries = placed.map((entry)=>approvedEntry(entry, limits));
    const unpackedBytes = refuseLargeContent(entries, limits);
    return {
        entries,
        tree: treeOf(entries, limits),
        unpackedBytes
    };
}
function approvedEntry(placed, limits) {
    const { central, method } = placed;
    const { segments, directory } = entryPathOf(central.rawName, limits);
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
        rawName: central.rawName
    };
}
function treeOf(entries, limits) {
    const tree = new EntryTree(limits.maxEntries);
    for (const { segments, kind } of entries)tree.add(segments, kind);
    return tree;
}

//# sourceMappingURL=gate.js.map
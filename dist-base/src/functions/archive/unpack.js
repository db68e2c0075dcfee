import { createHash } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../common/errors/domain-error.js';
import { writeCodeTree } from './code-tree-writer.js';
import { openContents } from './entry-content.js';
import { approve } from './gate.js';
import { insufficientStorage, storageFailure } from './storage-failure.js';
import { treeDigest } from './tree-digest.js';
/**
 * Checks, inflates and writes one archive; resolves when all of it is on disk for good. On a rejection the target
 * may be half-written: the caller removes it. Blocks its thread: the server runs it in one of its own.
 *
 * @throws DomainError `INVALID_ARCHIVE`, `ARCHIVE_TOO_LARGE`, `INSUFFICIENT_STORAGE` or `STORAGE_UNAVAILABLE` only;
 * anything else is a defect.
 */ export async function unpack(request) {
    const { archivePath, targetDirectory, limits, reserveBytes } = request;
    try {
        const archive = readFileSync(archivePath);
        const approved = approve(archive, limits);
        const { bavail, bsize } = statfsSync(dirname(targetDirectory));
        if (bavail * bsize < approved.unpackedBytes + reserveBytes) throw insufficientStorage();
        await writeCodeTree(targetDirectory, approved, openContents(archive, approved));
        return {
            sha256: createHash('sha256').update(archive).digest('hex'),
            codeSha256: treeDigest(targetDirectory),
            codeBytes: approved.unpackedBytes,
            fileCount: approved.entries.filter(({ kind })=>kind !== 'directory').length
        };
    } catch (error) {
        throw error instanceof DomainError ? error : storageFailure(error);
    }
}

//# sourceMappingURL=unpack.js.map
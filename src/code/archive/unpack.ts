import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../common/errors/domain-error.js';
import { insufficientStorage, storageFailure } from '../../common/errors/storage-failure.js';
import { treeDigest } from '../integrity/tree-digest.js';
import { ArchiveFile } from './archive-file.js';
import type { ArchiveLimits } from './archive-limits.js';
import { writeCodeTree } from './code-tree-writer.js';
import { openContents } from './entry-content.js';
import { archiveTooLarge, validateArchive } from './archive-validator.js';
import { Pace } from './pace.js';

/** Plain values only: it crosses to another thread. */
export interface UnpackRequest {
  readonly archivePath: string;
  /** Must not exist; its parent must, and is where free space is asked for. */
  readonly targetDirectory: string;
  readonly limits: ArchiveLimits;
  /** The function's setting: the code's root depends on where the handler's file is. Null: the root is the archive's own. */
  readonly handler: string | null;
  /** Unpacking must leave this much of the disk free. */
  readonly reserveBytes: number;
}

export interface UnpackedCode {
  /** Of the archive, hexadecimal. */
  readonly sha256: string;
  /** `treeDigest` of what was written. */
  readonly codeSha256: string;
  /** Of all files, unpacked. */
  readonly codeBytes: number;
  /** Files and links. */
  readonly fileCount: number;
  /** Sentences to whoever sent it on how it was read. */
  readonly notes: readonly string[];
}

/**
 * Checks, inflates and writes one archive; resolves when all of it is on disk for good. On a rejection the target
 * may be half-written: the caller removes it. Blocks its thread: the server runs it in one of its own.
 *
 * @throws DomainError `INVALID_ARCHIVE`, `ARCHIVE_TOO_LARGE`, `INSUFFICIENT_STORAGE` or `STORAGE_UNAVAILABLE` only;
 * anything else is a defect.
 */
export async function unpack(request: UnpackRequest): Promise<UnpackedCode> {
  try {
    const pace = new Pace();
    const archive = ArchiveFile.open(request.archivePath, pace);
    try {
      return await unpackFile(archive, request, pace);
    } finally {
      archive.close();
    }
  } catch (error) {
    throw error instanceof DomainError ? error : storageFailure(error);
  }
}

async function unpackFile(archive: ArchiveFile, request: UnpackRequest, pace: Pace): Promise<UnpackedCode> {
  const { targetDirectory, limits, handler, reserveBytes } = request;
  if (archive.length > limits.maxArchiveBytes) throw archiveTooLarge(limits);
  const headers = archive.headers();
  const approved = validateArchive(headers, limits, handler);
  const { bavail, bsize } = statfsSync(dirname(targetDirectory));
  if (bavail * bsize < approved.unpackedBytes + reserveBytes) throw insufficientStorage();
  const read = openContents(headers, approved, (range) => archive.bytes(range));
  const contentDigests = await writeCodeTree(targetDirectory, approved, read, pace);
  return {
    sha256: archive.sha256(),
    codeSha256: treeDigest(targetDirectory, contentDigests),
    codeBytes: approved.unpackedBytes,
    fileCount: approved.entries.filter(({ kind }) => kind !== 'directory').length,
    notes: approved.notes,
  };
}

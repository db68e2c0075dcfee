import {
  chmodSync,
  fsyncSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { storageFailure, systemErrorCode } from '../../common/errors/storage-failure.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { treeDigest } from '../integrity/tree-digest.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import { unpack, type UnpackedCode, type UnpackRequest } from './unpack.js';

/** Plain values only: it crosses to another thread. */
export interface AddRequest extends Omit<UnpackRequest, 'handler'> {
  /** The tree that gets what is unpacked in `targetDirectory`, and what it holds so far. */
  readonly treeDirectory: string;
  readonly tree: Pick<UnpackedCode, 'sha256' | 'codeBytes' | 'fileCount' | 'notes'>;
}

const modes = { open: 0o755, closed: 0o555 } as const;

/**
 * Adds the content of another archive, checked as every archive is, to a tree that has been unpacked. What is there
 * already is never replaced. Together they may have what one archive may. On a rejection the tree may be half made: the
 * caller removes it.
 *
 * @throws DomainError as `unpack`
 */
export async function addToTree(request: AddRequest): Promise<UnpackedCode> {
  const { treeDirectory, targetDirectory, tree, limits } = request;
  const added = await unpack({ ...request, handler: null });
  const codeBytes = tree.codeBytes + added.codeBytes;
  const fileCount = tree.fileCount + added.fileCount;
  if (codeBytes > limits.maxUnpackedBytes) {
    throw archiveRefusal(
      'unpacked_too_large',
      `The code is larger than ${limits.maxUnpackedBytes} bytes unpacked.`,
    );
  }
  if (fileCount > limits.maxEntries) {
    throw archiveRefusal('too_many_entries', `The code has more than ${limits.maxEntries} files.`);
  }
  try {
    moveInto(targetDirectory, treeDirectory, '');
    return { ...tree, codeSha256: treeDigest(treeDirectory), codeBytes, fileCount };
  } catch (error) {
    throw error instanceof DomainError ? error : storageFailure(error);
  }
}

/** Moves everything in `source` to `target`, by one rename for each thing that `target` has nothing of. */
function moveInto(source: string, target: string, path: string): void {
  const isRoot = path === '';
  chmodSync(source, modes.open);
  chmodSync(target, modes.open);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to, name] = [join(source, entry.name), join(target, entry.name), join(path, entry.name)];
    const there = lstatOrNothing(to);
    if (!there) move(from, to, entry.isDirectory());
    else if (there.isDirectory() && entry.isDirectory()) moveInto(from, to, name);
    else throw archiveRefusal('path_conflict', `${quoted(name)} is in the archive already.`);
  }
  rmdirSync(source);
  sync(target);
  // Moving the root needs its write permission; who publishes it closes it.
  if (!isRoot) chmodSync(target, modes.closed);
}

/** A directory moves only if it can be written to, for its parent is noted in it. */
function move(from: string, to: string, isDirectory: boolean): void {
  if (isDirectory) chmodSync(from, modes.open);
  renameSync(from, to);
  if (isDirectory) chmodSync(to, modes.closed);
}

function lstatOrNothing(path: string) {
  try {
    return lstatSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function sync(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

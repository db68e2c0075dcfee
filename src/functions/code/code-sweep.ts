import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../archive/error-code.js';
import type { CodeDirectory } from './code-directory.js';
import type { VersionKey } from './code-store.js';
import { forEachLimited, removeTree } from './directory-tree.js';

/**
 * Makes the disk agree with the records after a crash. Only at boot, before anything is deployed: what is in staging
 * belongs to nobody then, and code without a record was published by a deployment that was never acknowledged.
 * Returns the versions that have a record but no code.
 */
export async function sweepCode(
  directory: CodeDirectory,
  known: readonly VersionKey[],
): Promise<VersionKey[]> {
  await emptyDirectory(directory.staging);
  const missing = new Map(known.map((version) => [directory.ofVersion(version), version]));
  const unrecorded: string[] = [];
  await forEachLimited(await namesIn(directory.functions), async (name) => {
    const functionDirectory = join(directory.functions, name);
    const versions = (await namesIn(functionDirectory)).map((versionId) =>
      join(functionDirectory, versionId),
    );
    const removable = versions.filter((path) => !missing.delete(path));
    unrecorded.push(...removable);
  });
  await forEachLimited(unrecorded, removeTree);
  await forEachLimited(await namesIn(directory.functions), (name) =>
    removeIfEmpty(join(directory.functions, name)),
  );
  return [...missing.values()];
}

/** Removes a function's directory with its last version; one with versions in it stays. */
export async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    const expected = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'];
    if (!expected.includes(systemErrorCode(error) ?? '')) throw error;
  }
}

async function emptyDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await forEachLimited(await namesIn(path), (name) => removeTree(join(path, name)));
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

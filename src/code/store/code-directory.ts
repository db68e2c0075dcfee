import type { Dirent } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemErrorCode } from '../../common/errors/storage-failure.js';
import {
  directoryNameOf,
  type FunctionName,
  isFunctionDirectoryName,
} from '../../functions/function-name.js';
import type { VersionKey } from '../../functions/function.js';
import type { Sweep } from './code-store.js';
import { forEachLimited, removeTree } from './directory-tree.js';

/** The server's own identifiers only; nothing of a client may ever reach a path by this way. */
const versionIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** The directories of code in the installation's directory; both are on one file system, so code moves by rename. */
export class CodeDirectory {
  constructor(private readonly installation: { readonly directory: string }) {}

  /** Absolute; exists. */
  get path(): string {
    return this.installation.directory;
  }

  get functions(): string {
    return join(this.path, 'functions');
  }

  get staging(): string {
    return join(this.path, 'staging');
  }

  ofFunction(name: FunctionName): string {
    return join(this.functions, directoryNameOf(name));
  }

  ofVersion({ name, versionId }: VersionKey): string {
    if (!versionIdPattern.test(versionId)) throw new Error('A version id is not one of ours.');
    return join(this.ofFunction(name), versionId);
  }
}

/** What is staged and what is published have names that `randomUUID` made. */
const isMadeName = (name: string) =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(name);

/**
 * Makes the disk agree with the records after a crash. Only at boot, before anything is deployed: what is in staging
 * belongs to nobody then, and code without a record was published by a deployment that was never acknowledged. Only
 * directories with names as the server makes them go: whatever else is there is somebody's own.
 */
export async function sweepCode(directory: CodeDirectory, known: readonly VersionKey[]): Promise<Sweep> {
  const missing = new Map(known.map((version) => [directory.ofVersion(version), version]));
  await mkdir(directory.staging, { recursive: true, mode: 0o700 });
  const staged = await entriesIn(directory.staging, isMadeName);
  const functions = await entriesIn(directory.functions, isFunctionDirectoryName);
  const removable = [...staged.ours];
  const foreign = [...staged.foreign, ...functions.foreign];
  await forEachLimited(functions.ours, async (functionDirectory) => {
    const versions = await entriesIn(functionDirectory, isMadeName);
    const unrecorded = (path: string) => !missing.delete(path);
    removable.push(...versions.ours.filter(unrecorded));
    foreign.push(...versions.foreign.filter(unrecorded));
  });
  await forEachLimited(removable, removeTree);
  await forEachLimited(functions.ours, removeIfEmpty);
  return {
    missing: [...missing.values()],
    foreign: foreign.map((path) => relative(directory.path, path)),
  };
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

interface Entries {
  readonly ours: readonly string[];
  readonly foreign: readonly string[];
}

/** Paths of a directory's entries; ours are directories, because a link would lead out of what is ours. */
async function entriesIn(path: string, isOurName: (name: string) => boolean): Promise<Entries> {
  const isOurs = (entry: Dirent) => entry.isDirectory() && isOurName(entry.name);
  const pathOf = ({ name }: Dirent) => join(path, name);
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return {
      ours: entries.filter(isOurs).map(pathOf),
      foreign: entries.filter((entry) => !isOurs(entry)).map(pathOf),
    };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return { ours: [], foreign: [] };
    throw error;
  }
}

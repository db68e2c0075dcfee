/** The OCI runtimes of this machine, as the server will find and judge them. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import {
  type FoundRuntime,
  lookForRuntime,
  type RuntimeName,
} from '../../../../src/container/engine/oci/runtime-version.js';

export type { RuntimeName };

/** What is there under a runtime's name, and where. */
export type LocatedRuntime = Exclude<FoundRuntime, { problem: 'is missing' }> & { readonly file: string };

/** The best first. */
export const runtimeNames: readonly RuntimeName[] = ['crun', 'runc', 'runsc'];

export async function runtimesOnPath(
  searched: string,
  look: (name: RuntimeName, searched: string) => Promise<FoundRuntime> = lookForRuntime,
): Promise<readonly LocatedRuntime[]> {
  const directories = searched.split(path.delimiter).filter((directory) => path.isAbsolute(directory));
  const located = await Promise.all(
    runtimeNames.map(async (name): Promise<readonly LocatedRuntime[]> => {
      const file = await firstExecutable(directories.map((directory) => path.join(directory, name)));
      if (file === undefined) return [];
      const found = await look(name, directories.join(path.delimiter));
      return isThere(found) ? [{ ...found, file }] : [];
    }),
  );
  return located.flat();
}

function isThere(found: FoundRuntime): found is Exclude<FoundRuntime, { problem: 'is missing' }> {
  return !('problem' in found) || found.problem !== 'is missing';
}

async function firstExecutable(files: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(files.map(isExecutable));
  return files.find((_file, index) => found[index]);
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

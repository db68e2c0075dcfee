import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeReadableFile } from '../../readable-file.js';
import { runMountPoint, type SandboxPolicy } from '../../sandbox-policy.js';

/**
 * crun hides a file under `/proc` by the host's `/dev/null`, which then is one file in all containers: they could meet there,
 * by record locks. Each container's hidden files are covered by an empty file of its own instead.
 */
const coverName = 'hidden';

export function coverOf({ mounts }: SandboxPolicy): string {
  const runDirectory = mounts.readOnly.find(({ target }) => target === runMountPoint)?.source ?? '';
  return join(runDirectory, coverName);
}

export function writeCover(policy: SandboxPolicy): Promise<void> {
  return writeReadableFile(coverOf(policy), '');
}

/** Which of the policy's hidden paths are files on this machine; its kernel is the containers' own. */
export async function hiddenFilesOf({ hiddenPaths }: SandboxPolicy): Promise<string[]> {
  const found = await Promise.all(
    hiddenPaths.map(async (path) => {
      const known = await stat(path).catch(() => undefined);
      return known === undefined || known.isDirectory() ? [] : [path];
    }),
  );
  return found.flat();
}

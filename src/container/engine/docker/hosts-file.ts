import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMountPoint, type SandboxPolicy } from '../sandbox-policy.js';

/**
 * Without a network the engine covers the image's `/etc/hosts` with an empty file, and `localhost` would mean nothing: each
 * container has a file of its own, in its directory, that is mounted over that.
 */
const fileName = 'hosts';
const content = '127.0.0.1 localhost\n::1 localhost\n';

export const hostsMountPoint = '/etc/hosts';

export function hostsFileOf({ mounts }: SandboxPolicy): string {
  const runDirectory = mounts.readOnly.find(({ target }) => target === runMountPoint)?.source ?? '';
  return join(runDirectory, fileName);
}

export async function writeHostsFile(policy: SandboxPolicy): Promise<void> {
  const path = hostsFileOf(policy);
  await writeFile(path, content);
  // The container reads it as another user, whatever the server's umask is.
  await chmod(path, 0o644);
}

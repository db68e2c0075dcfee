import { join } from 'node:path';
import { writeReadableFile } from './readable-file.js';
import { runMountPoint, type SandboxPolicy } from './sandbox-policy.js';

/**
 * Without a network an engine covers the image's `/etc/hosts` with an empty file, or leaves the image's, and `localhost`
 * would mean nothing: each container has a file of its own, in its directory, that is mounted over that.
 */
const hostsFileName = 'hosts';
const hosts = '127.0.0.1 localhost\n::1 localhost\n';

export const hostsMountPoint = '/etc/hosts';

export function hostsFileOf({ mounts }: SandboxPolicy): string {
  const runDirectory = mounts.readOnly.find(({ target }) => target === runMountPoint)?.source ?? '';
  return join(runDirectory, hostsFileName);
}

export function writeHostsFile(policy: SandboxPolicy): Promise<void> {
  return writeReadableFile(hostsFileOf(policy), hosts);
}

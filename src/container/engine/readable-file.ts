import { closeSync, fchmodSync, open, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);

/**
 * Writes a small file that a container's user can read, whatever the server's umask is. Only its creation may have to wait
 * for the disk. The rest is done at once: for each container's files, each step on its own would go to another thread and back.
 */
export async function writeReadableFile(path: string, content: string): Promise<void> {
  const descriptor = await openFile(path, 'w');
  try {
    writeFileSync(descriptor, content);
    fchmodSync(descriptor, 0o644);
  } finally {
    closeSync(descriptor);
  }
}

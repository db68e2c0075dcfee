/** A log file that cannot fill the disk, written by a program that outlives this process. */
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

const LIMIT_BYTES = 1_048_576;

/**
 * Opens a stream for a program's output. Its first MiB goes to the file, which tells why a start failed; the rest is
 * read and dropped: the engine writes lines for every container and would die of a closed stream.
 * @param {string} file
 * @returns {Promise<import('node:stream').Writable>} to be given to the program, and destroyed here
 */
export async function openLimitedLog(file) {
  await mkdir(path.dirname(file), { recursive: true });
  const log = await open(file, 'w', 0o640);
  const limiter = spawn('sh', ['-c', `head -c ${LIMIT_BYTES}; exec cat > /dev/null`], {
    stdio: ['pipe', log.fd, 'ignore'],
    detached: true,
  });
  limiter.unref();
  await log.close();
  return /** @type {import('node:stream').Writable} */ (limiter.stdin);
}

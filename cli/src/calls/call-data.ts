import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../errors/command-error.js';
import type { Host } from '../host.js';
import { readInput } from '../terminal/standard-input.js';

/** More than a server takes; who has more has named the wrong file. */
const longestBytes = 256 * 1024 * 1024;

/** What is sent: `@file`, `-` for standard input, or the text itself. */
export async function callData(
  given: string | undefined,
  { stdin, workingDirectory }: Pick<Host, 'stdin' | 'workingDirectory'>,
): Promise<Uint8Array | undefined> {
  if (given === undefined) return undefined;
  if (given === '-' || given === '@-') return readInput(stdin, longestBytes);
  if (!given.startsWith('@')) return Buffer.from(given);
  const path = resolve(workingDirectory, given.slice(1));
  try {
    const { size } = await stat(path);
    if (size <= longestBytes) return await readFile(path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw usageError(
      `${path} cannot be read (${code}).`,
      'After @ comes the path of a file; text is given without @.',
    );
  }
  throw usageError(`${path} is longer than ${longestBytes} bytes.`);
}

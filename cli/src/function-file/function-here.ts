import path from 'node:path';
import { usageError } from '../errors/command-error.js';
import type { Host } from '../host.js';
import { readFunctionFile } from './function-file.js';

/** The function that is meant: the one that is named, or that of the current folder. */
export async function functionHere(
  given: string | undefined,
  { workingDirectory }: Pick<Host, 'workingDirectory'>,
): Promise<string> {
  if (given !== undefined) return given;
  const file = await readFunctionFile(workingDirectory);
  if (file === undefined)
    throw usageError(
      'Which function? There is no glambdar.json in this folder.',
      'Give its name; `glambdar list` shows all.',
    );
  return file.name ?? path.basename(workingDirectory);
}

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../errors/command-error.js';
import type { Host } from '../host.js';
import { readFunctionFile } from './function-file.js';

/** What a folder of a function has, if no `glambdar.json`: an entry file, or a manifest. */
const partOfFunction = /^(?:index\.[cm]?[jt]s|package\.json)$/;

/** The function that is meant: the one that is named, or that of the current folder, which `deploy` names after it. */
export async function functionHere(
  given: string | undefined,
  { workingDirectory }: Pick<Host, 'workingDirectory'>,
): Promise<string> {
  if (given !== undefined) return given;
  const file = await readFunctionFile(workingDirectory);
  const isFunction = file !== undefined || (await namesIn(workingDirectory)).some(isPartOfFunction);
  if (isFunction) return file?.name ?? path.basename(workingDirectory);
  throw usageError(
    'Which function? There is none in this folder.',
    'Give its name; `glambdar list` shows all.',
  );
}

/** None of a folder that has gone, or may not be read. */
function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

function isPartOfFunction(name: string): boolean {
  return partOfFunction.test(name);
}

/** `glambdar.json`: how the function in a directory is called and published, the same each time. */
import type { FunctionSettingsPatch } from '@glambdar/client';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../errors/command-error.js';
import { readPublishedSchema } from '../published-schema.js';
import { problemsOf } from './schema-check.js';

export const functionFileName = 'glambdar.json';

export interface FunctionFile {
  readonly name?: string;
  readonly settings?: FunctionSettingsPatch;
}

const mostBytes = 1024 * 1024;
const mostProblems = 10;

/** What the directory's file says; undefined where there is none. */
export async function readFunctionFile(directory: string): Promise<FunctionFile | undefined> {
  const text = await readText(path.join(directory, functionFileName));
  return text === undefined ? undefined : parseFunctionFile(text);
}

export function parseFunctionFile(text: string): FunctionFile {
  const value = parsed(text);
  const problems = problemsOf(value, readPublishedSchema());
  if (problems.length === 0) return value as FunctionFile;
  const more = problems.length - mostProblems;
  throw new CommandError(
    'refused',
    [`${functionFileName} is not valid:`, ...problems.slice(0, mostProblems).map((problem) => `  ${problem}`)]
      .concat(more > 0 ? [`  and ${more} more`] : [])
      .join('\n'),
    'Correct it. Nothing was sent.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    throw new CommandError(
      'refused',
      `${functionFileName} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
      'Correct it; JSON has no comments and no comma after the last entry. Nothing was sent.',
    );
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(mostBytes + 1), { position: 0 });
      if (bytesRead <= mostBytes) return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CommandError('refused', `${functionFileName} cannot be read (${code}).`, 'Nothing was sent.');
  }
  throw new CommandError(
    'refused',
    `${functionFileName} is larger than ${mostBytes} bytes.`,
    'Nothing was sent.',
  );
}

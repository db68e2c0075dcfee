/** Makes a function's folder from a template. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../errors/command-error.js';
import { functionFileName } from '../function-file/function-file.js';
import { templateDirectory } from '../template-directory.js';
import type { TemplateName } from './templates.js';

export interface NewFunction {
  readonly directory: string;
  readonly template: TemplateName;
  readonly name: string;
  /** Also into a folder with files, of which those of the same names are replaced. */
  readonly isForced: boolean;
}

/** What a folder may have that somebody is about to write a function in. */
const harmless = new Set(['.git', '.gitignore', '.DS_Store', '.idea', '.vscode', 'LICENSE', 'README.md']);

/** The files that it wrote, in their order. A file that is there is never replaced unless that is asked for. */
export async function writeTemplate({ directory, template, name, isForced }: NewFunction): Promise<string[]> {
  const source = templateDirectory(template);
  const stored = (await readdir(source)).sort();
  if (!isForced) await requireEmpty(directory);
  await mkdir(directory, { recursive: true });
  const written: string[] = [];
  for (const file of stored) {
    const target = fileNameOf(file);
    const content = await readFile(path.join(source, file), 'utf8');
    const isNew = await write(path.join(directory, target), filled(file, content, name), isForced);
    if (isNew) written.push(target);
  }
  return written;
}

async function requireEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new CommandError(
      'refused',
      `${directory} cannot be read as a folder (${code}).`,
      'Name another one.',
    );
  });
  const inTheWay = names.filter((name) => !harmless.has(name));
  if (inTheWay.length === 0) return;
  throw new CommandError(
    'refused',
    `${directory} is not empty: it has ${inTheWay.slice(0, 5).join(', ')}${inTheWay.length > 5 ? ' and more' : ''}.`,
    'Name a new folder, `glambdar init my-function`, or add --force: files of the same names are then replaced.',
  );
}

/** npm leaves a `.gitignore` out of a package, so the template's has another name. */
function fileNameOf(stored: string): string {
  return stored.replace(/^_/, '.');
}

/** What names the template names the function. */
function filled(file: string, content: string, name: string): string {
  if (file === functionFileName || file === 'package.json')
    return content.replace(
      /("name": )"[^"]*"/,
      (_, key: string) => `${key}${JSON.stringify(nameFor(file, name))}`,
    );
  return content.replaceAll(/\bNAME\b/g, name);
}

/** A package's name has no capital letters. */
function nameFor(file: string, name: string): string {
  return file === 'package.json' ? name.toLowerCase() : name;
}

/** Whether it was written: a harmless file that is there stays. */
async function write(file: string, content: string, isForced: boolean): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: isForced ? 'w' : 'wx' });
    return true;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new CommandError(
      'refused',
      `${file} cannot be written (${code}).`,
      'Check the permissions of the folder.',
    );
  }
}

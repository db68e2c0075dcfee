/** What the project's TypeScript files import of each other, types left out only where they are asked to be. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIRECTORY } from './setup/project.mjs';

const STATEMENT = /^(?:import|export)\b(?<type> type\b)?(?:[^;'"]*?\bfrom)? '(?<target>\.[^']+)';/gm;

/**
 * Every source file below a folder of the project, without specs, as paths from the project's.
 * @param {string} folder
 */
export function sourceFiles(folder) {
  return readdirSync(path.join(PROJECT_DIRECTORY, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(file))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
    .sort();
}

/**
 * The files that a file imports, as paths from the project's.
 * @param {string} file
 * @param {{ types: boolean }} options whether imports count of which nothing is left at run time
 */
export function importsOf(file, { types }) {
  const text = readFileSync(path.join(PROJECT_DIRECTORY, file), 'utf8');
  return [...text.matchAll(STATEMENT)]
    .filter(({ groups }) => types || groups?.['type'] === undefined)
    .map(({ groups }) => path.posix.join(path.posix.dirname(file), groups?.['target'] ?? ''))
    .map((target) => target.replace(/\.js$/, '.ts'));
}

/** A file and all that is loaded with it. @param {string} file */
export function loadedWith(file) {
  const loaded = new Set([file]);
  for (const each of loaded) for (const imported of importsOf(each, { types: false })) loaded.add(imported);
  return loaded;
}

/** What programs and add-ons built on Debian expect to find, beyond what Node.js itself needs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../setup/project.mjs';

/** Also read by the Dockerfile. */
export const C_LIBRARY_NAMES = inProject('docker/worker/c-library.txt');

/**
 * The shared libraries of Debian's libc6, libstdc++6 and libgcc-s1, and the conversions of `iconv` that its newer
 * releases keep in the same packages: as many of them as this machine has and Node.js has not brought along.
 * @param {readonly string[]} libraries of Node.js, the C library among them
 * @param {(file: string) => boolean} [exists]
 * @returns {Promise<string[]>} absolute paths
 */
export async function cLibraryBeside(libraries, exists = existsSync) {
  const names = (await readFile(C_LIBRARY_NAMES, 'utf8')).trim().split('\n');
  const brought = new Set(libraries.map((library) => path.basename(library)));
  const directories = directoriesOf(libraries);
  return names
    .filter((name) => !brought.has(name))
    .flatMap((name) => directories.map((directory) => path.join(directory, name)).find(exists) ?? []);
}

/**
 * `/lib/…` and `/usr/lib/…` are one directory on most machines and two in the image; the loader looks into both, `iconv`
 * into the second only.
 * @param {readonly string[]} libraries
 */
function directoriesOf(libraries) {
  const cLibrary = libraries.find((library) => path.basename(library) === 'libc.so.6');
  if (cLibrary === undefined) return [];
  const directory = path.dirname(cLibrary);
  return [path.join('/usr', directory.replace(/^\/usr/, '')), directory];
}

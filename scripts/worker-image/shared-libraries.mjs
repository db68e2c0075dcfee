/**
 * The shared libraries of an image: those that its programs need to run at all, the loader that joins them to it, and what
 * programs and add-ons built on Debian expect to find besides.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runCaptured } from '../setup/child-process.mjs';
import { inProject } from '../setup/project.mjs';

/** Also read by the Dockerfile. */
export const C_LIBRARY_NAMES = inProject('docker/worker/c-library.txt');

/**
 * @param {string} program
 * @returns {Promise<string[] | undefined>} absolute paths; undefined where `ldd` cannot say
 */
export async function sharedLibrariesOf(program) {
  const { exitCode, output } = await runCaptured('ldd', [program], { LC_ALL: 'C' }).catch(() => ({
    exitCode: 127,
    output: '',
  }));
  if (exitCode !== 0) return undefined;
  return parseLdd(output);
}

/**
 * Reads what `ldd` prints: `name => path (address)`, or only a path for the loader; the kernel's own has no path.
 * @param {string} output
 * @returns {string[] | undefined} undefined if a library is missing
 */
export function parseLdd(output) {
  if (output.includes('=> not found')) return undefined;
  const paths = [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return paths.length === 0 ? undefined : [...new Set(paths)].sort();
}

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

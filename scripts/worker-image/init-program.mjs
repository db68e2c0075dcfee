/** Finds the program that is the first process in every container, and reaps what others leave behind. */
import { accessSync, constants, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Tini, as Docker's packages bring it along, and as its own do; it needs no library by either name. */
const NAMES = ['docker-init', 'tini-static'];

/** Where packages put programs that only the engine is meant to start. */
const PACKAGE_DIRECTORIES = ['/usr/bin', '/usr/libexec/docker', '/usr/lib/docker', '/usr/local/bin'];

/**
 * @param {{ PATH?: string | undefined }} [environment]
 * @param {readonly string[]} [packageDirectories]
 * @returns {Promise<string | undefined>} absolute path; undefined where this machine has none
 */
export async function initProgram(environment = process.env, packageDirectories = PACKAGE_DIRECTORIES) {
  const onPath = (environment.PATH ?? '')
    .split(path.delimiter)
    .filter((directory) => path.isAbsolute(directory));
  const candidates = [...onPath, ...packageDirectories].flatMap((directory) =>
    NAMES.map((name) => path.join(directory, name)),
  );
  const found = candidates.find(isProgram);
  return found === undefined ? undefined : realpath(found);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

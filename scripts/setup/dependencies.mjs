/** The packages that `package-lock.json` names, installed exactly so. */
import { lstat, readFile } from 'node:fs/promises';
import { runToSuccess } from './child-process.mjs';
import { step } from './progress.mjs';
import { inProject } from './project.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Install scripts are left out: nothing here needs one, and a native addon would be built for the machine's own Node.js
 * instead of the project's. Warnings would only say that packages want the newer Node.js that is being installed.
 */
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the packages unless they are there already. A linked `node_modules` is another working tree's: npm would
 * first empty it under whoever works there, so it is taken as it is.
 */
export async function ensureDependencies() {
  if (await isLink(inProject('node_modules'))) return;
  const locked = await readLockfile('package-lock.json');
  const installed = await readLockfile('node_modules/.package-lock.json');
  if (locked !== undefined && installed !== undefined && matches(locked, installed)) return;
  await step('Installing dependencies', () => runToSuccess('npm', INSTALL));
}

/**
 * Whether what npm recorded as installed is what the lock file asks for. npm writes that record last, so an install
 * that was broken off has none. A package for another platform is locked but rightly not installed.
 * @param {Lockfile} locked
 * @param {Lockfile} installed
 */
export function matches(locked, installed) {
  const isInstalled = Object.entries(locked.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const present = installed.packages[path];
    if (present === undefined) return wanted.optional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
  return isInstalled && Object.keys(installed.packages).every((path) => path in locked.packages);
}

/**
 * @param {string} relative
 * @returns {Promise<Lockfile | undefined>}
 */
async function readLockfile(relative) {
  try {
    return JSON.parse(await readFile(inProject(relative), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} path */
async function isLink(path) {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

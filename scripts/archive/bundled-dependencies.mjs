/** The packages that a function needs, found where Node.js would find them from its folder. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesUnder } from '../setup/content-hash.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * @typedef {{ path: string, file: string }} BundledFile its place in the archive and on this machine
 * @typedef {{ dependencies?: Record<string, string> }} Manifest
 */

/**
 * Every file of the packages that the folder's `package.json` depends on, and of those that they depend on, in a
 * `node_modules` of its own. Empty where there is no `package.json`, or the folder has its `node_modules` already.
 * @param {string} folder
 * @returns {Promise<BundledFile[]>}
 */
export async function bundledDependencies(folder) {
  const root = path.resolve(folder);
  const manifest = await manifestOf(root);
  if (manifest === undefined || existsSync(path.join(root, 'node_modules'))) return [];
  /** @type {Map<string, string>} directories by their place in the archive */
  const places = new Map();
  await collect(root, manifest, places);
  const files = await Promise.all([...places].map(([place, directory]) => filesOfPackage(place, directory)));
  return files.flat();
}

/**
 * @param {string} from the directory whose code asks for the packages
 * @param {Manifest} manifest
 * @param {Map<string, string>} places
 */
async function collect(from, manifest, places) {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const found = await lookUp(from, name);
    if (found === undefined)
      throw new SetupError(`The package ${name} is not installed: run npm install in the function's folder.`);
    // What lies in another package's own node_modules stays there: it is a version of that package's own.
    const place = found.directory.slice(found.directory.indexOf('node_modules'));
    if (places.has(place)) continue;
    places.set(place, found.directory);
    await collect(found.directory, found.manifest, places);
  }
}

/**
 * @param {string} from
 * @param {string} name
 */
async function lookUp(from, name) {
  for (let directory = from; ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, 'node_modules', name);
    const manifest = await manifestOf(candidate);
    if (manifest !== undefined) return { directory: candidate, manifest };
    if (directory === path.dirname(directory)) return undefined;
  }
}

/**
 * @param {string} place
 * @param {string} directory
 * @returns {Promise<BundledFile[]>}
 */
async function filesOfPackage(place, directory) {
  const files = await filesUnder(directory);
  return files
    .filter((file) => !file.includes('node_modules/'))
    .map((file) => ({
      path: `${place.replaceAll(path.sep, '/')}/${file}`,
      file: path.join(directory, file),
    }));
}

/** @param {string} directory @returns {Promise<Manifest | undefined>} */
async function manifestOf(directory) {
  const text = await readFile(path.join(directory, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

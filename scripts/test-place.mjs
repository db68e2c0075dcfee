/**
 * The one directory in which a run of the tests has all its temporary files, and by which everything that the run
 * starts is known as its own: processes inherit it, and containers have mounts below it. At the end it must be alone.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { askEngine } from './engine/engine-api.mjs';
import { say } from './setup/progress.mjs';

/** What has been told to end may need a moment; what stays for good stays longer than this. */
const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** Where servers that run containers themselves keep what they know of them. */
const OCI_STATE = 'oci';

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
  return {
    TMPDIR: place,
    NODE_DISABLE_COMPILE_CACHE: '1',
    GLAMBDAR_OCI_STATE: path.join(place, OCI_STATE),
  };
}

/**
 * Runs tests in a place of their own; what they leave behind, there, on the engine, mounted or running, fails them.
 * @param {string | undefined} engineSocket of the engine on which containers are made
 * @param {(environment: NodeJS.ProcessEnv) => Promise<number>} run
 */
export async function leavingNothing(engineSocket, run) {
  const place = await makeTestPlace();
  const exitCode = await run(environmentIn(place));
  const isInterrupted = exitCode > 128;
  if (isInterrupted) await endProcessesIn(place);
  const left = await clearTestPlace(place, engineSocket, isInterrupted ? 0 : undefined);
  if (left.length > 0) say(`\nFAILED: the tests left behind\n  ${left.join('\n  ')}`);
  return exitCode || Number(left.length > 0);
}

/**
 * Ends what a run that was broken off has started, in order, so that servers remove their containers.
 * @param {string} place
 * @param {number} [patienceMs] for those that end in order; the others are killed
 */
export async function endProcessesIn(place, patienceMs = PATIENCE_MS) {
  const giveUpAtMs = performance.now() + patienceMs;
  for (const { id } of await processesIn(place)) signal(id, 'SIGTERM');
  while ((await processesIn(place)).length > 0 && performance.now() < giveUpAtMs) await after(POLL_MS);
  for (const { id } of await processesIn(place)) signal(id, 'SIGKILL');
}

/** It may have ended meanwhile. @param {number} id @param {NodeJS.Signals} name */
function signal(id, name) {
  try {
    process.kill(id, name);
  } catch {
    // Then there is nothing to end.
  }
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
      ...(await ociStateIn(place)),
      ...(await mountsIn(place)),
      ...(await processesIn(place)).map(({ id, command }) => `process ${id}: ${command}`),
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
  const names = (await readdir(place)).filter((name) => name !== OCI_STATE);
  return names.map((name) => `temporary files: ${path.join(place, name)}`);
}

/** Directories that stand ready for a next container are no leftovers. @param {string} place */
async function ociStateIn(place) {
  const state = path.join(place, OCI_STATE);
  const entries = await readdir(state, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() || path.basename(entry.parentPath) === 'containers')
    .map((entry) => `state of a container: ${path.join(entry.parentPath, entry.name)}`);
}

/** File systems that are still mounted, whatever has been removed above them. @param {string} place */
async function mountsIn(place) {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${place}/`))
    .map((point) => `mount: ${point}`);
}

/**
 * Linux alone tells of the environment of others. What runs containers has none of it, but names its state.
 * @param {string} place
 */
async function processesIn(place) {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(ids.map((id) => processIn(place, id)));
  return processes.filter((found) => found !== undefined);
}

/**
 * @param {string} place
 * @param {string} id
 */
async function processIn(place, id) {
  // It may end meanwhile, or be somebody else's.
  const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
  const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
  const isOfPlace = environment.split('\0').includes(`TMPDIR=${place}`);
  if (!isOfPlace && !command.includes(path.join(place, OCI_STATE))) return undefined;
  return { id: Number(id), command: command.replaceAll('\0', ' ').trim() };
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

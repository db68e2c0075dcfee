/** Runs a load in a process of its own, pinned to one core where the machine can do that. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectNode } from '../../../scripts/setup/project.mjs';

/**
 * @typedef {object} Calls
 * @property {number} port
 * @property {string} path
 * @property {string} body
 * @property {string} expectedText what the body of every good answer holds
 * @property {number} connections opened before the first call
 *
 * @typedef {Calls & { kind: 'closed', durationMs: number, calls: number, warmUpMs: number }} ClosedLoad the calls of
 *   the warm-up are not counted
 * @typedef {Calls & { kind: 'open', durationMs: number, perSecond: number }} OpenLoad
 * @typedef {ClosedLoad | OpenLoad} Load
 * @typedef {import('./tally.mjs').LoadResult} LoadResult
 */

const GENERATOR = fileURLToPath(new URL('generator.mjs', import.meta.url));
const LARGEST_RESULT_BYTES = 256 * 1024 * 1024;
const run = promisify(execFile);

/** The last core: interrupts and the system's own services tend to be on the first. */
const generatorCore = os.cpus().length - 1;
/** @type {Promise<boolean> | undefined} */
let pinning;

/** How the generator is kept from disturbing what it measures, for the report. */
export async function describeGenerator() {
  return (await canPin())
    ? `a process of its own, pinned to core ${generatorCore} with taskset`
    : 'a process of its own, not pinned';
}

/**
 * @param {Load} load
 * @param {AbortSignal} signal
 * @returns {Promise<LoadResult>}
 */
export async function runLoad(load, signal) {
  const command = [projectNode(), GENERATOR, JSON.stringify(load)];
  const pinned = (await canPin()) ? ['taskset', '-c', String(generatorCore), ...command] : command;
  const [program = '', ...args] = pinned;
  const { stdout } = await run(program, args, { signal, maxBuffer: LARGEST_RESULT_BYTES });
  return JSON.parse(stdout);
}

const UNLIMITED = 1_000_000_000;

/**
 * Each connection sends its next call when the last one is answered; ends at whichever limit comes first.
 * @param {Calls & { durationMs?: number, calls?: number, warmUpMs?: number }} load
 * @returns {ClosedLoad}
 */
export function closed({ durationMs = UNLIMITED, calls = UNLIMITED, warmUpMs = 0, ...rest }) {
  return { kind: 'closed', durationMs, calls, warmUpMs, ...rest };
}

/**
 * Calls are sent when they are due, however long earlier ones take.
 * @param {Calls & { durationMs: number, perSecond: number }} load
 * @returns {OpenLoad}
 */
export function open(load) {
  return { kind: 'open', ...load };
}

function canPin() {
  pinning ??= run('taskset', ['-c', String(generatorCore), 'true']).then(
    () => true,
    () => false,
  );
  return pinning;
}

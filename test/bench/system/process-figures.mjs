/** What Linux tells about a process. Elsewhere there is no `/proc`, and these figures are left out. */
import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat after the program's name: the first is the state, number 3 in proc(5). */
const START_TIME_FIELD = 22 - 3;

/**
 * Resident memory, shared pages in full.
 * @param {number} pid
 * @returns {Promise<number>} in MiB
 */
export async function residentMiB(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return kibibytes(status, 'VmRSS') / 1_024;
}

/**
 * Proportional memory: a page that n processes share counts as its nth part for each.
 * @param {number} pid
 * @returns {Promise<number>} in MiB
 */
export async function proportionalMiB(pid) {
  return kibibytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') / 1_024;
}

/** @param {number} pid */
export async function openFiles(pid) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/**
 * How long ago a process began, to ten milliseconds.
 * @param {number} pid
 * @returns {Promise<number>} in seconds
 */
export async function ageSeconds(pid) {
  const [uptime = '', stat] = await Promise.all([
    readFile('/proc/uptime', 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number.parseFloat(uptime) - Number(fields[START_TIME_FIELD]) / TICKS_PER_SECOND;
}

/** @param {string} text @param {string} field */
function kibibytes(text, field) {
  return Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(text)?.[1]);
}

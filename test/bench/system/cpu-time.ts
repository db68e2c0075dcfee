/** CPU time by the kernel's accounts: of everything on the machine, and of the benchmark, which is not to be counted. */
import { readFile } from 'node:fs/promises';

const MS_PER_TICK = 10;
/** Of the line `cpu` in /proc/stat: user, nice, system, interrupts and soft interrupts; not idle, waiting or stolen. */
const BUSY_FIELDS = [0, 1, 2, 5, 6];
/** Fields of /proc/<pid>/stat after the program's name: utime, stime, and both again for children that have ended. */
const PROCESS_FIELDS = [14, 15, 16, 17].map((field) => field - 3);

/**
 * CPU time that everything but this process and its ended children, the load generators, has used since boot.
 * @returns in milliseconds
 */
export async function othersCpuMs(): Promise<number> {
  const [machine, own] = await Promise.all([
    readFile('/proc/stat', 'utf8'),
    readFile('/proc/self/stat', 'utf8'),
  ]);
  return busyMs(machine) - processMs(own);
}

/** @param stat /proc/stat */
export function busyMs(stat: string): number {
  const [, ...fields] = (stat.split('\n')[0] ?? '').split(/ +/);
  return sumOf(fields, BUSY_FIELDS) * MS_PER_TICK;
}

/** @param stat /proc/<pid>/stat, whose second field, the program's name, may hold anything */
export function processMs(stat: string): number {
  return sumOf(stat.slice(stat.lastIndexOf(')') + 2).split(' '), PROCESS_FIELDS) * MS_PER_TICK;
}

function sumOf(fields: readonly string[], indexes: readonly number[]) {
  return indexes.reduce((sum, index) => sum + Number(fields[index]), 0);
}

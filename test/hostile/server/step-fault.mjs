/** Counts the server's writes over all its threads, and gives one of them a fault. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import threads from 'node:worker_threads';

const shared = 'write-steps';
const [SEEN, AT, FAULT, MATCHED] = [0, 1, 2, 3];
const faults = ['none', 'fail', 'kill', 'trace'];
const longestName = 1024;
const {
  counts,
  wanted,
  directory: here,
} = threads.getEnvironmentData(shared) ?? {
  counts: new Int32Array(new SharedArrayBuffer(16)),
  wanted: new Uint16Array(new SharedArrayBuffer(2 * longestName)),
  directory: process.env.GLAMBDAR_DIR,
};
threads.setEnvironmentData(shared, { counts, wanted, directory: here });
/** Of the server: a thread has no variables. */
export const directory = here;
const tell = fs.writeSync;

/**
 * From now on the step of that name has the fault when it comes for the nth time; `trace` tells the name of every step.
 * Forgets what was counted.
 */
export function arm(fault, nth = 0, name = '') {
  wanted.fill(0).set([...name].map((letter) => letter.charCodeAt(0)));
  Atomics.store(counts, MATCHED, 0);
  Atomics.store(counts, AT, nth);
  Atomics.store(counts, FAULT, faults.indexOf(fault));
  Atomics.store(counts, SEEN, 0);
}

export const seen = () => Atomics.load(counts, SEEN);

const isWanted = (name) =>
  wanted[name.length] === 0 && wanted.every((code, place) => code === 0 || code === name.charCodeAt(place));

/** Counts the step, and throws or kills when it is its turn. Only what takes space fails for want of it. */
export function step(name, { takesSpace, full }) {
  Atomics.add(counts, SEEN, 1);
  const fault = faults[Atomics.load(counts, FAULT)];
  if (fault === 'none') return;
  if (fault === 'trace') {
    tell(2, `write step: ${takesSpace ? '+' : '-'} ${name}\n`);
    return;
  }
  if (!isWanted(name) || Atomics.add(counts, MATCHED, 1) + 1 !== Atomics.load(counts, AT)) return;
  tell(2, `write step: ${takesSpace ? '+' : '-'} ${name}\n`);
  if (fault === 'kill') kill();
  throw full(name);
}

/** Node runs hooks of its own before it kills itself, of which one waits for the inspector to leave; the shell does not. */
function kill() {
  execFileSync('/bin/sh', ['-c', 'kill -9 $PPID']);
}

import { becomes } from '../../support/eventually.js';

/** Reads what is held after a garbage collection, in MiB. */
export type ReadHeldMiB = () => Promise<number>;

/** Compiled code, caches with a limit, counters: what the warm-up does not fill yet. */
const toleranceMiB = 24;
const noiseMiB = 0.25;
const quietReadings = 3;

/**
 * The figure once it rests. One collection is not enough: what weak references and finalizers hold goes with a later
 * one, and buffers outside the heap are freed on another thread.
 */
export async function restingMiB(read: ReadHeldMiB, withinMs = 30_000): Promise<number> {
  let lowestMiB = Number.POSITIVE_INFINITY;
  let quiet = 0;
  const rests = async () => {
    const heldMiB = await read();
    quiet = heldMiB < lowestMiB - noiseMiB ? 0 : quiet + 1;
    lowestMiB = Math.min(lowestMiB, heldMiB);
    return quiet >= quietReadings;
  };
  await becomes(rests, withinMs);
  return lowestMiB;
}

/** What is held beyond the figure before, in words: only what many collections within the time do not take away. */
export async function memoryLost(read: ReadHeldMiB, beforeMiB: number, withinMs = 60_000): Promise<string[]> {
  let heldMiB = Number.POSITIVE_INFINITY;
  const isBack = async () => (heldMiB = await read()) <= beforeMiB + toleranceMiB;
  if (await becomes(isBack, withinMs)) return [];
  return [`memory: ${beforeMiB.toFixed(1)} MiB before, ${heldMiB.toFixed(1)} after`];
}

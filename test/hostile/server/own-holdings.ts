import { readdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { becomes } from './patience.js';

const heldToleranceMiB = 24;
const descriptorTolerance = 2;
const restTimeoutMs = 5000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process holds, for trials that run the server's parts inside it. */
export async function ownHoldings() {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return { descriptors: await ownDescriptors(), heldMiB: (heapUsed + external) / 1024 ** 2 };
}

/** What is left, in words; empty when it is nothing. */
export async function leftHere(before: Awaited<ReturnType<typeof ownHoldings>>): Promise<string[]> {
  const atRest = async () => (await ownDescriptors()) <= before.descriptors + descriptorTolerance;
  const left = (await becomes(atRest, restTimeoutMs)) ? [] : [`descriptors: more than ${before.descriptors}`];
  const { heldMiB } = await ownHoldings();
  if (heldMiB > before.heldMiB + heldToleranceMiB)
    left.push(`memory: ${before.heldMiB.toFixed(1)} MiB before, ${heldMiB.toFixed(1)} after`);
  return left;
}

/** 0 where the system does not tell. */
async function ownDescriptors(): Promise<number> {
  return readdir('/proc/self/fd').then(
    ({ length }) => length,
    () => 0,
  );
}

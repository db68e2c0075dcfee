import { readdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryLost, restingMiB } from './held-memory.js';
import { becomes } from '../../support/eventually.js';

const descriptorTolerance = 2;
const restTimeoutMs = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process holds, for trials that run the server's parts inside it. */
export async function ownHoldings() {
  return { descriptors: await ownDescriptors(), heldMiB: await restingMiB(ownHeldMiB) };
}

/** What is left, in words; empty when it is nothing. */
export async function leftHere(
  before: Awaited<ReturnType<typeof ownHoldings>>,
  withinMs = restTimeoutMs,
): Promise<string[]> {
  const atRest = async () => (await ownDescriptors()) <= before.descriptors + descriptorTolerance;
  const left = (await becomes(atRest, withinMs)) ? [] : [`descriptors: more than ${before.descriptors}`];
  return [...left, ...(await memoryLost(ownHeldMiB, before.heldMiB, withinMs))];
}

async function ownHeldMiB(): Promise<number> {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

/** 0 where the system does not tell. */
async function ownDescriptors(): Promise<number> {
  return readdir('/proc/self/fd').then(
    ({ length }) => length,
    () => 0,
  );
}

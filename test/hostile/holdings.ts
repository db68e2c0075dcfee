import { readdir, readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { becomes } from '../support/eventually.js';
import type { HostileServer } from './server.js';

/** Reads what is held after a garbage collection, in MiB. */
type ReadHeldMiB = () => Promise<number>;

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

/** What a server holds on to. */
export interface Holdings {
  readonly descriptors: number;
  readonly heldMiB: number;
}

/** Kept connections, to the engine and from clients, come and go. */
const descriptorTolerance = 8;
/** Ends as soon as all is gone; a busy machine may take its time. */
const idleTimeoutMs = 180_000;

export async function holdingsOf(server: HostileServer): Promise<Holdings> {
  return { descriptors: await server.descriptors(), heldMiB: await restingMiB(() => server.heldMiB()) };
}

/** What is left, in words, of a server once its functions are removed; empty when it is nothing. */
export async function leftIn(server: HostileServer, before: Holdings): Promise<string[]> {
  const isIdle = async () => {
    // A deployment whose client has left may end only now.
    await server.client.deleteAll();
    return (await leftovers(server)).length === 0;
  };
  await becomes(isIdle, idleTimeoutMs);
  const hasFewDescriptors = async () =>
    !((await server.descriptors()) > before.descriptors + descriptorTolerance);
  await becomes(hasFewDescriptors, idleTimeoutMs);
  const descriptors = await server.descriptors();
  const lost = await leftovers(server);
  if (descriptors > before.descriptors + descriptorTolerance)
    lost.push(`descriptors: ${before.descriptors} before, ${descriptors} after`);
  lost.push(...(await memoryLost(() => server.heldMiB(), before.heldMiB)));
  if (server.brokenLogLines > 0) lost.push(`${server.brokenLogLines} log lines that are no JSON`);
  return lost;
}

async function leftovers(server: HostileServer): Promise<string[]> {
  const found = {
    containers: await server.containers(),
    'socket directories': await server.filesIn('run'),
    'staging directories': await server.filesIn('staging'),
    'code directories': await server.filesIn('functions'),
  };
  return Object.entries(found)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${names.join(', ')}`);
}

const ownDescriptorTolerance = 2;
const ownRestTimeoutMs = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process holds, for trials that run the server's parts inside it. */
export async function ownHoldings() {
  return { descriptors: await ownDescriptors(), heldMiB: await restingMiB(ownHeldMiB) };
}

/** What is left, in words; empty when it is nothing. */
export async function leftHere(
  before: Awaited<ReturnType<typeof ownHoldings>>,
  withinMs = ownRestTimeoutMs,
): Promise<string[]> {
  const isIdle = async () => (await ownDescriptors()) <= before.descriptors + ownDescriptorTolerance;
  const left = (await becomes(isIdle, withinMs)) ? [] : [`descriptors: more than ${before.descriptors}`];
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

const listening = '0A';

/**
 * How many connections to its port the server still has open, whatever the clients do with their sides: what it has
 * closed belongs to the kernel alone, and to no descriptor of a process. 0 where the system does not tell.
 */
export async function heldConnections(port: number): Promise<number> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => '');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state, , , , , , inode = '0']) => {
      const isOfServer = Number.parseInt(local.split(':')[1] ?? '', 16) === port;
      return isOfServer && state !== listening && inode !== '0';
    }).length;
}

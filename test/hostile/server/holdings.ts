import type { HostileServer } from './hostile-server.js';
import { becomes } from './patience.js';

/** What a server holds on to. */
export interface Holdings {
  readonly descriptors: number;
  readonly heldMiB: number;
}

/** Kept connections, to the engine and from clients, come and go. */
const descriptorTolerance = 8;
/** Compiled code, caches with a limit, counters: what a few calls do not fill yet. */
const heldToleranceMiB = 24;
const restTimeoutMs = 20_000;

export async function holdingsOf(server: HostileServer): Promise<Holdings> {
  return { descriptors: await server.descriptors(), heldMiB: await server.heldMiB() };
}

/** What is left, in words, of a server once its functions are removed; empty when it is nothing. */
export async function leftIn(server: HostileServer, before: Holdings): Promise<string[]> {
  const atRest = async () => {
    // A deployment whose client has left may end only now.
    await server.client.removeAll();
    return (await leftovers(server)).length === 0;
  };
  await becomes(atRest, restTimeoutMs);
  const hasFewDescriptors = async () =>
    !((await server.descriptors()) > before.descriptors + descriptorTolerance);
  await becomes(hasFewDescriptors, restTimeoutMs);
  const after = await holdingsOf(server);
  const lost = await leftovers(server);
  if (after.descriptors > before.descriptors + descriptorTolerance)
    lost.push(`descriptors: ${before.descriptors} before, ${after.descriptors} after`);
  if (after.heldMiB > before.heldMiB + heldToleranceMiB)
    lost.push(`memory: ${before.heldMiB.toFixed(1)} MiB before, ${after.heldMiB.toFixed(1)} after`);
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

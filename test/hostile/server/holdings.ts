import { memoryLost, restingMiB } from './held-memory.js';
import type { HostileServer } from './hostile-server.js';
import { becomes } from '../../support/eventually.js';

/** What a server holds on to. */
export interface Holdings {
  readonly descriptors: number;
  readonly heldMiB: number;
}

/** Kept connections, to the engine and from clients, come and go. */
const descriptorTolerance = 8;
/** Ends as soon as all is gone; a busy machine may take its time. */
const restTimeoutMs = 180_000;

export async function holdingsOf(server: HostileServer): Promise<Holdings> {
  return { descriptors: await server.descriptors(), heldMiB: await restingMiB(() => server.heldMiB()) };
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

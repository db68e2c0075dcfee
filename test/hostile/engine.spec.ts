import { DomainError } from '../../src/common/errors/domain-error.js';
import { faultOf } from '../../src/common/errors/error-codes.js';
import { Cancellation } from '../../src/common/time/cancellation.js';
import { deployedFunction } from '../support/builders/functions.js';
import { isOci } from '../support/engine.js';
import { invokeMessage } from '../support/messages.js';
import { nothingLeft, sandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { becomes, within } from '../support/eventually.js';
import { behindFaultyConnection } from './engine/connection.js';
import { withFaultyRuntime } from './engine/runtime.js';
import { attack } from './trial.js';
import { withDirectory } from './with-server.js';

/** How one call of the engine goes wrong. `lost` is a timeout whose work was done all the same. */
const ways = ['refused', 'unreachable', 'timeout', 'hang', 'lost'] as const;
type Way = (typeof ways)[number];
/** More calls than a container's whole life takes, with one provisioned ahead meanwhile. */
const engineCalls = 12;
const byItselfMs = 30;
const tickMs = 2;
/** For a busy machine; what hangs does so for ever. */
const settleTimeoutMs = 60_000;

const withFaultyEngine = isOci ? withFaultyRuntime : behindFaultyConnection;

/** Each call of the engine fails in each way; then the real engine as it fails itself. */
attack({
  name: 'engine',
  quick: 1,
  full: 10,
  async run(trial) {
    for (const way of ways)
      for (let nth = 1; nth <= engineCalls; nth += 1)
        await trial.case(`call ${nth} of the engine: ${way}`, () => callsWithFault(way, nth));
    await withDirectory((place) => withFaultyEngine(trial, place));
  },
});

async function callsWithFault(way: Way, nth: number): Promise<void> {
  const world = await sandboxWorld();
  world.sandboxes.start([]);
  const subject = deployedFunction();
  const release = inject(world, way, nth);
  const call = callOnce(world, subject).catch((error: unknown) => {
    if (!(error instanceof DomainError) || faultOf(error.code) !== 'platform') throw error;
  });
  await asTimePasses(world, call, release);
  world.sandboxes.forget(subject);
  await asTimePasses(
    world,
    becomes(() => world.engine.all.length === 0, settleTimeoutMs),
  );
  const left = await asTimePasses(world, world.end());
  if (JSON.stringify(left) !== JSON.stringify(nothingLeft)) throw new Error(`Left: ${JSON.stringify(left)}`);
}

/**
 * First whatever happens by itself, then an engine that hangs goes on, then time passes: ten times as fast as outside,
 * so that limits of seconds are reached soon, but never before files and sockets had a moment.
 */
async function asTimePasses<T>(
  { clock }: SandboxWorld,
  work: Promise<T>,
  release: () => void = () => undefined,
): Promise<T> {
  const releasing = setTimeout(release, byItselfMs);
  const passing = setInterval(() => {
    clock.advance(10 * tickMs);
  }, tickMs);
  try {
    return await within(settleTimeoutMs, 'The work', work);
  } finally {
    clearTimeout(releasing);
    clearInterval(passing);
    release();
  }
}

function inject({ engine }: SandboxWorld, way: Way, nth: number): () => void {
  if (way === 'hang') return engine.hangCall(nth);
  if (way === 'lost') engine.failCall(nth, 'timeout', { workDone: true });
  else engine.failCall(nth, way);
  return () => undefined;
}

async function callOnce(
  { sandboxes }: SandboxWorld,
  subject: ReturnType<typeof deployedFunction>,
): Promise<void> {
  const cancellation = new Cancellation();
  const acquired = await sandboxes.acquire(subject, cancellation);
  try {
    await acquired.sandbox.invoke(invokeMessage, Buffer.alloc(0), { timeoutMs: 1000, cancellation });
  } finally {
    sandboxes.release(acquired);
  }
}

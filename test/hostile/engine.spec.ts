import { join } from 'node:path';
import { DomainError } from '../../src/common/errors/domain-error.js';
import { faultOf } from '../../src/common/errors/error-codes.js';
import { Cancellation } from '../../src/common/time/cancellation.js';
import { deployedFunction } from '../support/builders/functions.js';
import { EngineProxy, engineFaults, type EngineFault } from '../support/docker-engine.js';
import { invokeMessage } from '../support/messages.js';
import { nothingLeft, sandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import type { HostileServer } from './server.js';
import { becomes, within } from '../support/eventually.js';
import { withDirectory, withServer } from './with-server.js';
import { attack, type Trial } from './trial.js';

/** How one call of the engine goes wrong. `lost` is a timeout whose work was done all the same. */
const ways = ['refused', 'unreachable', 'timeout', 'hang', 'lost'] as const;
type Way = (typeof ways)[number];
/** More calls than a container's whole life takes, with one provisioned ahead meanwhile. */
const engineCalls = 12;
const settings = {
  GLAMBDAR_ENGINE_PING_TIMEOUT_MS: '2000',
  GLAMBDAR_ENGINE_ATTACH_TIMEOUT_MS: '5000',
  GLAMBDAR_ENGINE_CALL_TIMEOUT_MS: '5000',
  GLAMBDAR_ENGINE_EXIT_TIMEOUT_MS: '5000',
  GLAMBDAR_START_TIMEOUT_MS: '10000',
  GLAMBDAR_REAPER_FIRST_PAUSE_MS: '200',
};
const byItselfMs = 30;
const tickMs = 2;
/** For a busy machine; what hangs does so for ever. */
const settleTimeoutMs = 60_000;
const callTimeoutMs = 120_000;
const healthTimeoutMs = 60_000;
const recoveryTimeoutMs = 180_000;

/** Each call of the engine fails in each way; then the real engine behind a connection that fails. */
attack({
  name: 'engine',
  quick: 1,
  full: 10,
  async run(trial) {
    for (const way of ways)
      for (let nth = 1; nth <= engineCalls; nth += 1)
        await trial.case(`call ${nth} of the engine: ${way}`, () => callsWithFault(way, nth));
    await withDirectory((place) => behindProxy(trial, join(place, 'engine.sock')));
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

async function behindProxy(trial: Trial, path: string): Promise<void> {
  const proxy = new EngineProxy(path);
  await proxy.bringUp();
  try {
    await withServer(trial, { settings: { ...settings, GLAMBDAR_DOCKER_SOCKET: path } }, async (server) => {
      await server.client.deploy('fresh', `exports.handler = () => 'fresh';`);
      for (let round = 0; round < trial.count; round += 1)
        for (const fault of engineFaults)
          await trial.case(`the real engine's connection: ${fault}`, () => survives(server, proxy, fault));
    });
  } finally {
    proxy.takeDown();
  }
}

/** While it lasts every answer is right or the platform's fault, and in time; afterwards calls work again by themselves. */
async function survives({ client }: HostileServer, proxy: EngineProxy, fault: EngineFault): Promise<void> {
  proxy.fault = fault;
  try {
    for (let call = 0; call < 3; call += 1) {
      const { status, text } = await within(callTimeoutMs, 'A call', client.invoke('fresh'));
      if (status !== 503 && text !== '"fresh"') throw new Error(`${status} ${text}`);
      if (/docker|sock|container [0-9a-f]{12}/i.test(text)) throw new Error(`It tells too much: ${text}`);
    }
    const live = await within(healthTimeoutMs, 'The health check', client.get('/health/live'));
    if (live.status !== 200) throw new Error(`Not live: ${live.status}`);
  } finally {
    proxy.fault = 'none';
  }
  const works = async () => (await client.invoke('fresh')).status === 200;
  if (!(await becomes(works, recoveryTimeoutMs))) throw new Error('It did not recover.');
}

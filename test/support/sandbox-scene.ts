import { deployedFunction } from './builders/functions.js';
import { nothingLeft, sandboxWorld, type SandboxWorld } from './sandbox-world.js';
import { invokeMessage } from './messages.js';
import type { WorkerScript } from './scripted-worker.js';
import type { DeployedFunction, FunctionSettings } from '../../src/functions/function.js';
import { Cancellation } from '../../src/common/time/cancellation.js';
import type { InvokeMessage } from '../../src/ipc/protocol/messages.js';
import type { AcquiredSandbox } from '../../src/sandbox/sandbox.service.js';
import type { SandboxSettings } from '../../src/sandbox/sandbox.settings.js';

export const never = new Cancellation();

const message: InvokeMessage = { ...invokeMessage, remainingMs: 1000 };

/** Of the test that runs; each begins with `start` or `restartWith`. */
export let world: SandboxWorld;

export async function start(settings: Partial<SandboxSettings> = {}): Promise<void> {
  world = await sandboxWorld(settings);
  world.sandboxes.start([]);
}

/** Begins as a restart does, with functions that have a minimum; the engine is made to wait first. */
export async function restartWith(subject: DeployedFunction, settings: Partial<SandboxSettings> = {}) {
  world = await sandboxWorld(settings);
  const release = world.engine.hangCall(1);
  world.sandboxes.start([subject]);
  return release;
}

/** A function whose first sandbox is ready, as after its deploy. */
export async function deployed(settings: Partial<FunctionSettings> = {}) {
  const subject = deployedFunction({ settings });
  await world.sandboxes.provision(subject);
  return subject;
}

/** As `deployed`, and this first sandbox does as scripted. */
export async function deployedAs(script: WorkerScript) {
  const subject = deployedFunction();
  world.scripts.set(subject.name, script);
  await world.sandboxes.provision(subject);
  world.scripts.delete(subject.name);
  return subject;
}

export function call({ sandbox }: AcquiredSandbox, timeoutMs = 1000) {
  return sandbox.invoke(message, Buffer.alloc(0), { timeoutMs, cancellation: never });
}

export async function callAndRelease(subject: DeployedFunction): Promise<string> {
  const acquired = await world.sandboxes.acquire(subject, never);
  await call(acquired);
  world.sandboxes.release(acquired);
  return acquired.origin;
}

/** After each test. */
export async function endsWithNothingLeft(): Promise<void> {
  expect(await world.end()).toEqual(nothingLeft);
}

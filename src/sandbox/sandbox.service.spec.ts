import { deployedFunction } from '../../test/support/builders/functions.js';
import { nothingLeft, sandboxWorld, until, type SandboxWorld } from '../../test/support/sandbox-world.js';
import { invokeMessage } from '../../test/support/messages.js';
import type { WorkerScript } from '../../test/support/scripted-worker.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import { Cancellation } from '../common/time/cancellation.js';
import type { InvokeMessage } from '../ipc/protocol/messages.js';
import type { AcquiredSandbox } from './sandbox.service.js';
import type { SandboxSettings } from './sandbox.settings.js';

const never = new Cancellation();

const message: InvokeMessage = { ...invokeMessage, remainingMs: 1000 };

let world: SandboxWorld;

async function start(settings: Partial<SandboxSettings> = {}): Promise<void> {
  world = await sandboxWorld(settings);
  world.sandboxes.start([]);
}

/** Begins as a restart does, with functions that have a minimum; the engine is made to wait first. */
async function restartWith(subject: DeployedFunction, settings: Partial<SandboxSettings> = {}) {
  world = await sandboxWorld(settings);
  const release = world.engine.hangCall(1);
  world.sandboxes.start([subject]);
  return release;
}

/** A function whose first sandbox is ready, as after its deploy. */
async function deployed(settings: Partial<FunctionSettings> = {}) {
  const subject = deployedFunction({ settings });
  await world.sandboxes.provision(subject);
  return subject;
}

/** As `deployed`, and this first sandbox does as scripted. */
async function deployedAs(script: WorkerScript) {
  const subject = deployedFunction();
  world.scripts.set(subject.name, script);
  await world.sandboxes.provision(subject);
  world.scripts.delete(subject.name);
  return subject;
}

function call({ sandbox }: AcquiredSandbox, timeoutMs = 1000) {
  return sandbox.invoke(message, Buffer.alloc(0), { timeoutMs, cancellation: never });
}

async function callAndRelease(subject: DeployedFunction): Promise<string> {
  const acquired = await world.sandboxes.acquire(subject, never);
  await call(acquired);
  world.sandboxes.release(acquired);
  return acquired.origin;
}

afterEach(async () => {
  expect(await world.end()).toEqual(nothingLeft);
});

describe('a fresh function', () => {
  it('finds a never-used container ready after its deploy, which is removed after the call', async () => {
    await start();
    const subject = await deployed();
    const [container] = world.engine.all;
    expect(await callAndRelease(subject)).toBe('fresh-pool');
    await until(() => !world.engine.all.includes(container!));
  });

  it('has its container killed when its code goes on after the answer', async () => {
    await start();
    const subject = await deployedAs({ refusesToEnd: true });
    const [container] = world.engine.all;
    await callAndRelease(subject);
    await until(() => {
      world.clock.advance(100);
      return !world.engine.all.includes(container!);
    });
  });

  it('has its container killed at once when the call ran out of time', async () => {
    await start();
    const subject = await deployedAs({ invoke: 'hang', refusesToEnd: true });
    const [container] = world.engine.all;
    const acquired = await world.sandboxes.acquire(subject, never);
    const failing = expect(call(acquired, 500)).rejects.toMatchObject({ code: 'FUNCTION_TIMEOUT' });
    world.clock.advance(500);
    await failing;
    world.sandboxes.release(acquired);
    await until(() => !world.engine.all.includes(container!));
  });

  it('has the resources of its settings', async () => {
    await start();
    await deployed({ memoryMiB: 256, cpuMillis: 500, tmpMiB: 32 });
    expect(world.engine.all[0]?.spec.policy).toMatchObject({
      limits: { memoryBytes: 256 * 1024 * 1024, cpuMillis: 500 },
      mounts: { temporary: { bytes: 32 * 1024 * 1024 } },
    });
  });

  it('counts with its own memory against the budget', async () => {
    await start({ budgetMemoryMiB: 384 });
    const [old, large] = [await deployed(), await deployed({ memoryMiB: 256 })];
    expect(world.sandboxes.snapshot().ready).toBe(2);
    world.clock.advance(1);
    await deployed({ memoryMiB: 64 });
    await until(() => world.engine.all.length === 2);
    expect(await callAndRelease(large)).toBe('fresh-pool');
    expect(await callAndRelease(old)).toBe('cold');
  });

  it('that is larger than the whole budget keeps nothing ready, and takes nothing from others', async () => {
    await start({ budgetMemoryMiB: 256 });
    const small = await deployed();
    const huge = await deployed({ memoryMiB: 257, isolation: 'warm' });
    expect(await callAndRelease(huge)).toBe('cold');
    expect(await callAndRelease(small)).toBe('fresh-pool');
  });

  it('never gives a container twice', async () => {
    await start();
    const subject = await deployed();
    const seen = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const acquired = await world.sandboxes.acquire(subject, never);
      expect(acquired.sandbox.callsServed).toBe(0);
      await call(acquired);
      seen.add(acquired.sandbox.container.name);
      world.sandboxes.release(acquired);
    }
    expect(seen.size).toBe(10);
  });

  it('gets another one ready after each call', async () => {
    await start();
    const subject = await deployed();
    await callAndRelease(subject);
    world.clock.advance(10);
    await until(() => world.sandboxes.snapshot().ready > 0);
  });

  it('waits for one to be provisioned when none is ready', async () => {
    await start();
    expect(await callAndRelease(deployedFunction())).toBe('cold');
  });

  it('serves sixteen calls at once, each from a container of its own', async () => {
    await start();
    const subject = await deployed();
    const acquired = await Promise.all(
      Array.from({ length: 16 }, () => world.sandboxes.acquire(subject, never)),
    );
    expect(new Set(acquired.map(({ sandbox }) => sandbox.container.name)).size).toBe(16);
    for (const one of acquired) world.sandboxes.release(one);
  });

  it('keeps nothing once its idle time has passed', async () => {
    await start();
    await deployed({ idleTimeoutSeconds: 10 });
    world.clock.advance(10_000);
    await until(() => world.engine.all.length === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ ready: 0, functions: 0 });
  });

  it('keeps its minimum when idle', async () => {
    await start();
    await deployed({ idleTimeoutSeconds: 10, minContainers: 2 });
    await until(() => world.sandboxes.snapshot().ready === 2);
    world.clock.advance(60_000);
    expect(world.sandboxes.snapshot().ready).toBe(2);
  });
});

describe('a function with a kernel of its own', () => {
  it('gets containers that gVisor runs, never a prewarmed one that it does not', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    const subject = deployedFunction({ settings: { sandbox: 'gvisor' } });
    expect(await callAndRelease(subject)).toBe('cold');
    expect(world.sandboxes.snapshot().prewarmed).toBe(1);
    const runtimes = world.engine.all.map(({ spec }) => spec.ociRuntime);
    expect(runtimes).toContain(undefined);
    expect(runtimes.filter((name) => name !== undefined)).toContain('runsc');
  });

  it('is possible where the engine has runsc, and unknown where it does not answer', async () => {
    await start();
    await expect(world.sandboxes.canMake('gvisor')).resolves.toBe(true);
    world.engine.ociRuntimes.delete('runsc');
    await expect(world.sandboxes.canMake('gvisor')).resolves.toBe(false);
    await expect(world.sandboxes.canMake('container')).resolves.toBe(true);
    world.engine.failCall(1, 'timeout');
    await expect(world.sandboxes.canMake('gvisor')).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
  });
});

describe('a prewarmed container', () => {
  it('becomes the function of a call that finds nothing ready, and is replaced when that is over', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(await callAndRelease(deployedFunction())).toBe('prewarmed');
    expect(world.sandboxes.snapshot()).toMatchObject({ prewarmed: 0, provisioning: 0 });
    world.clock.advance(10);
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
  });

  it.each([{ memoryMiB: 256 }, { cpuMillis: 500 }, { tmpMiB: 32 }])(
    'is not given to a function with resources of its own: %j',
    async (resources) => {
      await start({ prewarmedContainers: 1, parallelProvisions: 1 });
      await until(() => world.sandboxes.snapshot().prewarmed === 1);
      expect(await callAndRelease(deployedFunction({ settings: resources }))).toBe('cold');
      expect(world.sandboxes.snapshot().prewarmed).toBe(1);
    },
  );

  it('is given to functions of its runtime only, and kept of runtimes that are used', async () => {
    await start({ prewarmedContainers: 1 });
    const imagesOfPrewarmed = () =>
      world.engine.all.map(({ spec }) => spec.program.image).sort((one, other) => one.localeCompare(other));
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(imagesOfPrewarmed()).toEqual(['glambdar-worker']);
    const other = deployedFunction({ settings: { runtime: 'nodejs22.x' } });
    expect(await callAndRelease(other)).toBe('cold');
    world.clock.advance(10);
    await until(() => world.sandboxes.snapshot().prewarmed === 2);
    world.sandboxes.forget(other);
    world.clock.advance(1000);
    await until(() => imagesOfPrewarmed().length === 1);
    expect(imagesOfPrewarmed()).toEqual(['glambdar-worker']);
  });

  it('is given to one that chose what is the default anyway', async () => {
    await start({ prewarmedContainers: 1, parallelProvisions: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(await callAndRelease(deployedFunction({ settings: { memoryMiB: 128 } }))).toBe('prewarmed');
  });

  it('that died does not fail the call: a container is made for it', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    world.engine.all[0]!.end({ exitCode: 1, outOfMemory: false });
    const acquired = await world.sandboxes.acquire(deployedFunction(), never);
    expect(acquired.sandbox.isReady).toBe(true);
    await acquired.sandbox.dispose();
  });
});

describe('a warm function', () => {
  it('reuses a container whose worker asked for the next call', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm' });
    expect(await callAndRelease(subject)).toBe('fresh-pool');
    expect(await callAndRelease(subject)).toBe('warm');
    expect(world.engine.all).toHaveLength(1);
  });

  it('reuses it also after the handler threw', async () => {
    await start();
    const subject = deployedFunction({ settings: { isolation: 'warm' } });
    world.scripts.set(subject.name, { invoke: 'throw' });
    const first = await world.sandboxes.acquire(subject, never);
    await expect(call(first)).rejects.toMatchObject({ code: 'FUNCTION_ERROR' });
    world.sandboxes.release(first);
    const second = await world.sandboxes.acquire(subject, never);
    expect(second.sandbox.container.name).toBe(first.sandbox.container.name);
    await expect(call(second)).rejects.toMatchObject({ code: 'FUNCTION_ERROR' });
    world.sandboxes.release(second);
  });

  it('never has more containers than its maximum: a released one serves the call that waits', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    const first = await world.sandboxes.acquire(subject, never);
    await call(first);
    const second = world.sandboxes.acquire(subject, never);
    world.sandboxes.release(first);
    expect((await second).sandbox.container.name).toBe(first.sandbox.container.name);
    expect(world.engine.all).toHaveLength(1);
    await call(await second);
    world.sandboxes.release(await second);
  });

  it('has a container replaced that is full of what its calls left running, before another call gets it', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    const [container] = world.engine.all;
    world.clock.advance(1000);
    container!.processes = 49;
    await callAndRelease(subject);
    await until(() => world.engine.all.length === 1 && world.engine.all[0] !== container);
  });

  it('has it replaced after the call that got it before anybody looked', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    const [container] = world.engine.all;
    world.clock.advance(1000);
    container!.processes = 49;
    const first = await world.sandboxes.acquire(subject, never);
    const second = world.sandboxes.acquire(subject, never);
    await call(first);
    world.sandboxes.release(first);
    const next = await second;
    expect(next.sandbox.container.name).toBe(first.sandbox.container.name);
    await until(() => next.sandbox.isCrowded);
    await call(next);
    world.sandboxes.release(next);
    await until(() => !world.engine.all.includes(container!));
  });

  it('keeps one that has room for more', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    const [container] = world.engine.all;
    world.clock.advance(1000);
    container!.processes = 48;
    await callAndRelease(subject);
    expect(await callAndRelease(subject)).toBe('warm');
    expect(world.engine.all).toEqual([container]);
  });

  it('is not given a container again after a timeout', async () => {
    await start();
    const subject = deployedFunction({ settings: { isolation: 'warm' } });
    world.scripts.set(subject.name, { invoke: 'hang' });
    const acquired = await world.sandboxes.acquire(subject, never);
    const failing = expect(call(acquired, 500)).rejects.toMatchObject({ code: 'FUNCTION_TIMEOUT' });
    world.clock.advance(500);
    await failing;
    world.sandboxes.release(acquired);
    world.clock.advance(1000);
    await until(() => !world.engine.all.some(({ spec }) => spec.name === acquired.sandbox.container.name));
  });

  it('retires a container after its number of calls', async () => {
    await start({ warmCalls: 2 });
    const subject = await deployed({ isolation: 'warm' });
    const [first] = world.engine.all;
    await callAndRelease(subject);
    await callAndRelease(subject);
    await until(() => !world.engine.all.includes(first!));
  });

  it('retires a container at its age', async () => {
    await start({ warmAgeSeconds: 60 });
    const subject = await deployed({ isolation: 'warm' });
    const [first] = world.engine.all;
    world.clock.advance(60_000);
    await callAndRelease(subject);
    await until(() => !world.engine.all.includes(first!));
  });
});

describe('a call that the kernel ends for memory', () => {
  it.each([
    ['the engine has not heard of it yet', 'exceed-memory'],
    ["the kernel's accounts have gone with the container", 'exceed-memory-unseen'],
  ] as const)('is told so although %s', async (_, invoke) => {
    await start();
    const acquired = await world.sandboxes.acquire(await deployedAs({ invoke }), never);
    await expect(call(acquired)).rejects.toMatchObject({
      code: 'FUNCTION_OUT_OF_MEMORY',
      cause: { exitCode: 137 },
    });
    world.sandboxes.release(acquired);
  });
});

describe('the log of a function', () => {
  const said = () =>
    world.events.lines
      .filter(({ stream }) => stream === 'runtime')
      .map(({ level, text }) => `${level} ${text}`);

  it('says that a container ended while it waited, and how', async () => {
    await start();
    await deployed();
    world.engine.all[0]!.end({ exitCode: 137, outOfMemory: false });
    await until(() => said().length > 0);
    expect(said()).toEqual([
      'warn While no call ran, a container ended: exit code 137 (SIGKILL). It is replaced.',
    ]);
    expect(world.events.lines.at(-1)).toMatchObject({ phase: 'load', invocationId: null });
  });

  it('says that top-level code ended its process, or did not come to its end', async () => {
    await start();
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'exit' });
    await expect(world.sandboxes.provision(subject)).rejects.toMatchObject({ code: 'FUNCTION_EXITED' });
    world.scripts.set(subject.name, { load: 'hang' });
    const slow = expect(world.sandboxes.provision(subject)).rejects.toMatchObject({
      code: 'FUNCTION_INIT_TIMEOUT',
    });
    await until(() => world.loadsOf(subject.name) === 2);
    world.clock.advance(10_000);
    await slow;
    expect(said()).toEqual([
      "error The process ended while the function's code was loaded: exit code 1.",
      expect.stringMatching(/^error .*did not finish within 10000 ms/),
    ]);
  });

  it('says that a warm container was still at work after its answer, or has served its calls', async () => {
    await start({ warmCalls: 2 });
    const warm = deployedFunction({ settings: { isolation: 'warm' } });
    world.scripts.set(warm.name, { asksForNext: false });
    await callAndRelease(warm);
    world.clock.advance(1000);
    await until(() => said().length === 1);
    world.scripts.delete(warm.name);
    await callAndRelease(warm);
    await callAndRelease(warm);
    expect(said()).toEqual([
      'warn The container was still at work after its answer, and is replaced.',
      expect.stringMatching(/^debug .*2 calls.*GLAMBDAR_WARM_CALLS/),
    ]);
  });

  it('says nothing of a container that ends as it should, nor twice of a call that failed', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm' });
    world.scripts.set(subject.name, { invoke: 'exit' });
    const failing = { ...subject, revision: 2 };
    const acquired = await world.sandboxes.acquire(failing, never);
    await expect(call(acquired)).rejects.toMatchObject({ code: 'FUNCTION_EXITED', cause: { exitCode: 1 } });
    world.sandboxes.release(acquired);
    world.sandboxes.forget(subject);
    await until(() => world.engine.all.length === 0);
    expect(said()).toEqual([]);
  });
});

/** The next revision of a function, and its first sandbox, as `ReplacementService` makes it ready. */
async function prepared(before: DeployedFunction): Promise<DeployedFunction> {
  const settings = { ...before.settings, environment: { REVISION: String(before.revision + 1) } };
  const after = { ...before, revision: before.revision + 1, settings };
  await world.sandboxes.provision(after);
  return after;
}

describe('a changed function', () => {
  it.each(['fresh', 'warm'] as const)(
    'gives new calls a container of the new revision, and removes what waited (%s)',
    async (isolation) => {
      await start();
      const before = await deployed({ isolation });
      const [old] = world.engine.all;
      const after = await prepared(before);
      world.sandboxes.replace(before, after);
      await until(() => !world.engine.all.includes(old!));
      expect(await callAndRelease(after)).toBe('fresh-pool');
      expect(world.sandboxes.keepsReady(before)).toBe(false);
    },
  );

  it('lets a call in flight end on its container, which serves no other', async () => {
    await start();
    const before = await deployed({ isolation: 'warm' });
    const inFlight = await world.sandboxes.acquire(before, never);
    world.sandboxes.replace(before, await prepared(before));
    await expect(call(inFlight)).resolves.toMatchObject({ head: { statusCode: 200 } });
    world.sandboxes.release(inFlight);
    await until(() => !world.engine.all.some(({ spec }) => spec.name === inFlight.sandbox.container.name));
  });

  it('serves calls that waited already from the revision they found', async () => {
    await start();
    const before = await deployed({ isolation: 'warm', maxContainers: 1 });
    const first = await world.sandboxes.acquire(before, never);
    const waiting = world.sandboxes.acquire(before, never);
    world.sandboxes.replace(before, await prepared(before));
    await call(first);
    world.sandboxes.release(first);
    expect((await waiting).sandbox).toBe(first.sandbox);
    world.sandboxes.release(await waiting);
  });

  it('makes a container for a call that found the old revision and asks only now, and keeps none behind it', async () => {
    await start();
    const before = await deployed({ minContainers: 2, idleTimeoutSeconds: 1 });
    const after = await prepared(before);
    world.sandboxes.replace(before, after);
    // What is still being made would meet its load deadline as the clock moves.
    await until(() => world.sandboxes.snapshot().provisioning === 0);
    world.clock.advance(60_000);
    expect(await callAndRelease(before)).toBe('cold');
    world.clock.advance(1000);
    await until(() => !world.sandboxes.keepsReady(before) && world.sandboxes.snapshot().provisioning === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ ready: 2, functions: 1 });
  });

  it('keeps nothing of what is still being made for the old revision', async () => {
    const before = deployedFunction({ settings: { minContainers: 1 } });
    const release = await restartWith(before);
    world.sandboxes.replace(before, {
      ...before,
      revision: 2,
      settings: { ...before.settings, minContainers: 0 },
    });
    release();
    await until(() => !world.sandboxes.keepsReady(before));
  });

  it('leaves nothing of a candidate that was refused, and the next one of its number starts anew', async () => {
    await start();
    const before = await deployed();
    const candidate = { ...before, revision: 2 };
    world.scripts.set(before.name, { load: 'error' });
    await expect(world.sandboxes.provision(candidate)).rejects.toMatchObject({ code: 'FUNCTION_LOAD_ERROR' });
    world.sandboxes.abandon(candidate);
    await until(() => world.engine.all.length === 1);
    expect(world.sandboxes.keepsReady(candidate)).toBe(false);
    world.scripts.set(before.name, {});
    world.sandboxes.replace(before, await prepared(before));
    expect(await callAndRelease(candidate)).toBe('fresh-pool');
  });

  it('removes a candidate that loads and is not taken', async () => {
    await start();
    const before = await deployed();
    const [old] = world.engine.all;
    world.sandboxes.abandon(await prepared(before));
    await until(() => world.engine.all.length === 1);
    expect(world.engine.all).toEqual([old]);
  });

  describe('in what no container sees', () => {
    const changed = (before: DeployedFunction): DeployedFunction => {
      const schedules = { often: { every: '1m', payload: before.revision } };
      return { ...before, revision: before.revision + 1, settings: { ...before.settings, schedules } };
    };

    it.each(['fresh', 'warm'] as const)(
      'goes on with its containers, however often (%s)',
      async (isolation) => {
        await start();
        let subject = await deployed({ isolation });
        const [kept] = world.engine.all;
        for (let change = 0; change < 3; change += 1) {
          const after = changed(subject);
          world.sandboxes.replace(subject, after);
          subject = after;
        }
        expect(world.engine.all).toEqual([kept]);
        expect(world.sandboxes.keepsReady(subject)).toBe(true);
        expect(await callAndRelease(subject)).toBe('fresh-pool');
      },
    );

    it('serves a call that found the revision before and asks only now', async () => {
      await start();
      const before = await deployed({ isolation: 'warm' });
      world.sandboxes.replace(before, changed(before));
      expect(await callAndRelease(before)).toBe('fresh-pool');
    });

    it('keeps the container of a call in flight for the next one, whose lines are of its revision', async () => {
      await start();
      const before = await deployed({ isolation: 'warm' });
      const inFlight = await world.sandboxes.acquire(before, never);
      const after = changed(before);
      world.sandboxes.replace(before, after);
      await call(inFlight);
      world.sandboxes.release(inFlight);
      await until(() => world.sandboxes.snapshot().ready === 1);
      const next = await world.sandboxes.acquire(after, never);
      expect([next.sandbox, next.origin]).toEqual([inFlight.sandbox, 'warm']);
      next.sandbox.output.say('warn', 'said');
      expect(world.events.lines.at(-1)).toMatchObject({ text: 'said', function: { revision: 2 } });
      world.sandboxes.release(next);
    });

    it('gives its containers up with the next change that they see', async () => {
      await start();
      const before = await deployed();
      const [old] = world.engine.all;
      const same = changed(before);
      world.sandboxes.replace(before, same);
      world.sandboxes.replace(same, await prepared(same));
      await until(() => !world.engine.all.includes(old!));
      expect(world.sandboxes.keepsReady(same)).toBe(false);
    });

    it('is deleted with all of it', async () => {
      await start();
      const before = await deployed();
      const after = changed(before);
      world.sandboxes.replace(before, after);
      world.sandboxes.forget(after);
      await until(() => world.engine.all.length === 0);
    });
  });

  it('is deleted in all its revisions', async () => {
    await start();
    const before = await deployed();
    const inFlight = await world.sandboxes.acquire(before, never);
    const after = await prepared(before);
    world.sandboxes.replace(before, after);
    world.sandboxes.forget(after);
    await call(inFlight);
    world.sandboxes.release(inFlight);
    await until(() => world.engine.all.length === 0);
  });

  it('a shutdown while its candidate is made refuses or removes it', async () => {
    await start();
    const before = await deployed();
    const release = world.engine.hangCall(1);
    const preparing = prepared(before).catch((error: unknown) => error);
    const stopped = world.sandboxes.shutDown();
    release();
    await Promise.all([preparing, stopped]);
    await until(() => world.engine.all.length === 0);
    await expect(prepared(before)).rejects.toMatchObject({ code: 'DRAINING' });
  });
});

describe('when things go wrong', () => {
  it('a function that ends its process is told so with its last words', async () => {
    await start();
    const subject = deployedFunction();
    world.scripts.set(subject.name, { invoke: 'exit' });
    const acquired = await world.sandboxes.acquire(subject, never);
    await expect(call(acquired)).rejects.toMatchObject({
      code: 'FUNCTION_EXITED',
      details: { output: 'last words' },
    });
    world.sandboxes.release(acquired);
  });

  it('code that does not load fails the call, and nothing is provisioned ahead for it any more', async () => {
    await start({ parallelProvisions: 1 });
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'error' });
    await expect(world.sandboxes.acquire(subject, never)).rejects.toMatchObject({
      code: 'FUNCTION_LOAD_ERROR',
    });
    await until(() => world.engine.all.length === 0);
    world.clock.advance(5000);
    expect(world.sandboxes.snapshot().provisioning).toBe(0);
    expect(world.outcomes).toEqual([[subject.name, 'fails']]);
  });

  it('code that loads again is reported, and provisioned ahead again', async () => {
    await start({ parallelProvisions: 1 });
    const subject = deployedFunction({ settings: { minContainers: 1 } });
    world.scripts.set(subject.name, { load: 'error' });
    await expect(world.sandboxes.acquire(subject, never)).rejects.toThrow();
    world.scripts.set(subject.name, {});
    world.sandboxes.release(await world.sandboxes.acquire(subject, never));
    world.clock.advance(1000);
    await until(() => world.sandboxes.snapshot().ready === 1);
    expect(world.outcomes).toEqual([
      [subject.name, 'fails'],
      [subject.name, 'loads'],
      [subject.name, 'loads'],
    ]);
  });

  it('a function that cannot have the containers it should always have is known after half a minute', async () => {
    await start({ budgetContainers: 1, prewarmedContainers: 0 });
    const [short, served] = [await deployed({ minContainers: 2 }), deployedFunction()];
    await callAndRelease(served);
    world.clock.advance(30_000);
    expect([...world.sandboxes.lackingContainers()]).toEqual([]);
    world.clock.advance(1000);
    expect([...world.sandboxes.lackingContainers()]).toEqual([short.id]);
    world.sandboxes.forget(short);
    world.clock.advance(1000);
    expect([...world.sandboxes.lackingContainers()]).toEqual([]);
  });

  it('code that breaks the protocol while it loads fails the call as a fault of its own', async () => {
    await start();
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'ready-twice' });
    await expect(world.sandboxes.acquire(subject, never)).rejects.toMatchObject({
      code: 'FUNCTION_INVALID_RESPONSE',
      details: { reason: 'wrong-phase' },
    });
  });

  it('top-level code that never ends is given up at its deadline', async () => {
    await start({ loadTimeoutMs: 300, parallelProvisions: 1 });
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'hang' });
    const failing = expect(world.sandboxes.acquire(subject, never)).rejects.toMatchObject({
      code: 'FUNCTION_INIT_TIMEOUT',
    });
    await until(() => world.loadsOf(subject.name) > 0);
    world.clock.advance(300);
    await failing;
  });

  it('top-level code that takes its time is in nobody’s way but its own callers’', async () => {
    await start({ parallelProvisions: 2 });
    const slow = deployedFunction();
    world.scripts.set(slow.name, { load: 'hang' });
    const waiting = Array.from({ length: 12 }, () => world.sandboxes.acquire(slow, never));
    const failing = Promise.allSettled(waiting);
    await until(() => world.loadsOf(slow.name) === waiting.length);
    expect(await callAndRelease(deployedFunction())).toBe('cold');
    // What is provisioned ahead of its calls takes its time, too.
    await until(() => {
      world.clock.advance(10_000);
      return world.sandboxes.snapshot().provisioning === 0;
    });
    await failing;
  });

  it('a function has half of the containers that are created at the same time', async () => {
    await start({ parallelProvisions: 4 });
    const releases = [1, 2, 3].map((nth) => world.engine.hangCall(nth));
    const greedy = deployedFunction();
    const waiting = Array.from({ length: 6 }, () => world.sandboxes.acquire(greedy, never));
    const other = world.sandboxes.acquire(deployedFunction(), never);
    expect(world.sandboxes.snapshot().provisioning).toBe(3);
    for (const release of releases) release();
    for (const acquired of await Promise.all([...waiting, other])) await acquired.sandbox.dispose();
  });

  it('a ready container that dies while it waits is never given, and is replaced after a pause', async () => {
    await start();
    const subject = await deployed();
    world.engine.all[0]!.end({ exitCode: 1, outOfMemory: false });
    await until(() => world.sandboxes.snapshot().ready === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ idleEnded: 1, provisioning: 0 });
    world.clock.advance(2000);
    await until(() => world.sandboxes.snapshot().ready === 1);
    expect(await callAndRelease(subject)).toBe('fresh-pool');
  });

  it('a container that prints without end while it waits is removed, its function is told, and none is provisioned ahead again', async () => {
    await start();
    await deployed();
    for (let count = 0; count <= 1000; count += 1) world.engine.all[0]!.print('stdout', 'again\n');
    await until(() => world.sandboxes.snapshot().removals === 1 && world.engine.all.length === 0);
    world.clock.advance(70_000);
    expect(world.sandboxes.snapshot()).toMatchObject({ idleEnded: 1, provisioning: 0, ready: 0 });
    expect(world.events.lines.at(-1)).toMatchObject({
      stream: 'runtime',
      level: 'error',
      text: 'The function printed more than 1000 times while no call ran, and its container was removed; print less.',
    });
  });

  it('a container that prints without end in a call is removed, and the call fails as its fault', async () => {
    await start();
    world.scripts.set('hello', { invoke: 'hang' });
    const subject = deployedFunction({ name: 'hello' });
    await world.sandboxes.provision(subject);
    const acquired = await world.sandboxes.acquire(subject, never);
    const calling = call(acquired);
    const much = 'x'.repeat(1024 * 1024);
    for (let count = 0; count <= 256; count += 1) world.engine.all[0]!.print('stderr', much);
    await expect(calling).rejects.toMatchObject({
      code: 'FUNCTION_INVALID_RESPONSE',
      details: { reason: 'too-much-output' },
      message:
        'The function printed more than 268435456 bytes in one call, and its container was removed; print less.',
    });
    world.sandboxes.release(acquired);
  });

  it('a function deleted while its container is made keeps none', async () => {
    const subject = deployedFunction({ settings: { minContainers: 1 } });
    const release = await restartWith(subject);
    world.sandboxes.forget(subject);
    release();
    await until(() => world.sandboxes.snapshot().provisioning === 0 && world.engine.all.length === 0);
  });

  it('a function deleted while a call waits still serves that call', async () => {
    await start();
    const subject = deployedFunction();
    const release = world.engine.hangCall(1);
    const acquiring = world.sandboxes.acquire(subject, never);
    world.sandboxes.forget(subject);
    release();
    const acquired = await acquiring;
    await expect(call(acquired)).resolves.toMatchObject({ head: { statusCode: 200 } });
    world.sandboxes.release(acquired);
  });

  it('a call that was admitted before its function was deleted keeps nothing ready behind it', async () => {
    await start();
    const subject = deployedFunction();
    world.sandboxes.forget(subject);
    expect(await callAndRelease(subject)).toBe('cold');
    world.clock.advance(1000);
    await until(() => world.engine.all.length === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ ready: 0, provisioning: 0 });
  });

  it('a function deployed again never gets a container of the one before', async () => {
    await start();
    const before = await deployed();
    const after = { ...deployedFunction(), name: before.name };
    world.sandboxes.forget(before);
    expect(await callAndRelease(after)).toBe('cold');
  });

  it('a client that leaves while it waits leaves no call behind; the container provisioned for it is ready', async () => {
    await start();
    const subject = deployedFunction();
    const client = new Cancellation();
    const release = world.engine.hangCall(1);
    const acquiring = world.sandboxes.acquire(subject, client);
    client.cancel(new Error('left'));
    await expect(acquiring).rejects.toThrow('left');
    release();
    await until(() => world.sandboxes.snapshot().ready > 0);
  });

  it('a container that keeps a core busy while it waits is removed, and none is provisioned ahead again', async () => {
    await start();
    await deployed();
    const [container] = world.engine.all;
    await until(() => {
      container!.cpuMs += 500;
      world.clock.advance(1000);
      return world.engine.all.length === 0;
    });
    expect(world.sandboxes.snapshot()).toMatchObject({ idleBusy: 1, ready: 0, provisioning: 0 });
  });

  it('a warm container may work as much as its calls need: only what it does while it waits counts', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm' });
    const [container] = world.engine.all;
    let usedMs = 0;
    let timesRead = 0;
    Object.defineProperty(container, 'cpuMs', { get: () => ((timesRead += 1), usedMs) });
    for (let second = 0; second < 12; second += 1) {
      await callAndRelease(subject);
      usedMs += 500;
      await until(() => world.sandboxes.snapshot().ready === 1);
      const before = timesRead;
      world.clock.advance(1000);
      await until(() => timesRead > before);
    }
    expect(world.sandboxes.snapshot()).toMatchObject({ idleBusy: 0, ready: 1 });
    expect(world.engine.all).toContain(container);
  });

  it('the least recently useful function gives way when the budget is reached', async () => {
    await start({ budgetContainers: 1 });
    await deployed();
    const [older] = world.engine.all;
    world.clock.advance(1);
    await deployed();
    await until(() => world.engine.all.length === 1 && !world.engine.all.includes(older!));
    expect(world.sandboxes.snapshot().ready).toBeLessThanOrEqual(1);
  });

  it('a shutdown right after a warm call waits for its container, which may still be busy, and removes it', async () => {
    await start();
    const subject = deployedFunction({ settings: { isolation: 'warm' } });
    world.scripts.set(subject.name, { asksForNext: false });
    const acquired = await world.sandboxes.acquire(subject, never);
    await call(acquired);
    world.sandboxes.release(acquired);
    let hasStopped = false;
    const stopped = world.sandboxes.shutDown().then(() => (hasStopped = true));
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(hasStopped).toBe(false);
    world.clock.advance(1000);
    await stopped;
    expect(world.engine.all).toEqual([]);
  });

  it('a shutdown while containers are made leaves none', async () => {
    const release = await restartWith(deployedFunction({ settings: { minContainers: 2 } }), {
      prewarmedContainers: 2,
    });
    release();
  });

  // A launch and a removal are four calls; the rest belongs to what is provisioned ahead meanwhile.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'the engine failing at call %d fails the call with an answer or not at all, and leaves nothing',
    async (nth) => {
      await start();
      const subject = deployedFunction();
      world.engine.failCall(nth, 'refused');
      await callAndRelease(subject).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
      });
      world.sandboxes.forget(subject);
      await until(() => {
        // What could not be removed is tried again after a while.
        world.clock.advance(100);
        return world.engine.all.length === 0 && world.sandboxes.snapshot().provisioning === 0;
      });
    },
  );
});

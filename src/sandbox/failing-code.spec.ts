import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  call,
  callAndRelease,
  deployed,
  endsWithNothingLeft,
  never,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';

afterEach(endsWithNothingLeft);

describe('code that fails, or does what it should not', () => {
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
});

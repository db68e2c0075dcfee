import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  call,
  callAndRelease,
  deployed,
  deployedAs,
  endsWithNothingLeft,
  never,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';

afterEach(endsWithNothingLeft);

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

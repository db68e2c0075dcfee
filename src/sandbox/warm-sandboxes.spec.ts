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

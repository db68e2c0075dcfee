import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  call,
  callAndRelease,
  deployed,
  endsWithNothingLeft,
  never,
  restartWith,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';
import { Cancellation } from '../common/time/cancellation.js';

afterEach(endsWithNothingLeft);

describe('when containers are short, lost or failing', () => {
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

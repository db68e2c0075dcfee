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
import type { DeployedFunction } from '../functions/function.js';

afterEach(endsWithNothingLeft);

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

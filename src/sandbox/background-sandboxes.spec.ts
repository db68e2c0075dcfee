import { deployedFunction } from '../../test/support/builders/functions.js';
import { deployed, endsWithNothingLeft, never, start, world } from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';
import { Cancellation } from '../common/time/cancellation.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { DeployedFunction } from '../functions/function.js';

const acquireInBackground = (subject: DeployedFunction, cancellation = never) =>
  world.sandboxes.acquireInBackground(subject, cancellation);

afterEach(endsWithNothingLeft);

describe('a call in the background', () => {
  it('of a fresh function leaves what is ready to callers and gets a container of its own', async () => {
    await start();
    const subject = await deployed();
    const event = await acquireInBackground(subject);
    expect(event.origin).toBe('cold');
    expect(world.sandboxes.snapshot()).toMatchObject({ ready: 1, busy: 1 });
    const caller = await world.sandboxes.acquire(subject, never);
    expect(caller.origin).toBe('fresh-pool');
    world.sandboxes.release(event);
    world.sandboxes.release(caller);
  });

  it('leaves prewarmed containers to callers', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    const event = await acquireInBackground(deployedFunction());
    expect(event.origin).toBe('cold');
    expect(world.sandboxes.snapshot().prewarmed).toBe(1);
    world.sandboxes.release(event);
  });

  it('keeps nothing ready of a function that nobody else calls', async () => {
    await start();
    world.sandboxes.release(await acquireInBackground(deployedFunction()));
    await until(() => world.engine.all.length === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ provisions: 1, ready: 0, busy: 0 });
  });

  it('gets its container when there is no room for what other functions want ready', async () => {
    await start({ budgetContainers: 1 });
    const [first, second] = [await deployed({ minContainers: 1 }), await deployed({ minContainers: 1 })];
    await until(() => world.engine.all.length === 1);
    for (const subject of [first, second]) world.sandboxes.release(await acquireInBackground(subject));
  });

  it('gets its container when there is no room for prewarmed ones', async () => {
    await start({ prewarmedContainers: 1, budgetContainers: 0 });
    world.sandboxes.release(await acquireInBackground(deployedFunction()));
  });

  it('of a warm function is served by a container that stands ready, which serves callers again', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm' });
    const event = await acquireInBackground(subject);
    expect(world.engine.all).toHaveLength(1);
    world.sandboxes.release(event);
    world.clock.advance(1000);
    await until(() => world.sandboxes.snapshot().busy === 0);
  });

  it('waits while as many are being created for the background as may be, and callers pass it', async () => {
    await start({ parallelProvisions: 2 });
    const events = [deployedFunction(), deployedFunction()].map((subject) => acquireInBackground(subject));
    expect(world.sandboxes.snapshot()).toMatchObject({ provisioning: 1, waiting: 2 });
    const caller = world.sandboxes.acquire(deployedFunction(), never);
    expect(world.sandboxes.snapshot()).toMatchObject({ provisioning: 2, waiting: 3 });
    world.sandboxes.release(await caller);
    let hasEnded = false;
    const begun = Promise.all(events).finally(() => (hasEnded = true));
    // For a moment after a caller was served nothing is created that nobody waits for.
    await until(() => {
      world.clock.advance(10);
      return hasEnded;
    });
    for (const event of await begun) world.sandboxes.release(event);
  });

  it('hands the container that was made for it to a caller of the same function, and gets the next', async () => {
    await start();
    const subject = deployedFunction();
    const release = world.engine.hangCall(1);
    let hasBegun = false;
    const event = acquireInBackground(subject).finally(() => (hasBegun = true));
    await until(() => world.sandboxes.snapshot().provisioning === 1);
    const caller = world.sandboxes.acquire(subject, never);
    release();
    world.sandboxes.release(await caller);
    expect(hasBegun).toBe(false);
    world.sandboxes.release(await event);
  });

  it('fails alone when its code does not load', async () => {
    await start();
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'error' });
    await expect(acquireInBackground(subject)).rejects.toMatchObject({ code: 'FUNCTION_LOAD_ERROR' });
    expect(world.sandboxes.snapshot()).toMatchObject({ waiting: 0, provisioning: 0 });
  });

  it('is forgotten when it is cancelled while it waits', async () => {
    await start();
    const release = world.engine.hangCall(1);
    const server = new Cancellation();
    const event = acquireInBackground(deployedFunction(), server);
    await until(() => world.sandboxes.snapshot().waiting === 1);
    const stop = new DomainError('DRAINING', 'The server is shutting down.');
    server.cancel(stop);
    await expect(event).rejects.toBe(stop);
    expect(world.sandboxes.snapshot().waiting).toBe(0);
    release();
  });
});

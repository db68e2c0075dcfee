import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { buildsSettings } from '../builds.settings.js';
import { BuildQueue } from './build-queue.js';

describe('the queue of builds', () => {
  const clock = new ManualClock();
  const never = new Cancellation();
  const queueWith = (parallel: number, waiting: number) =>
    new BuildQueue(
      clock,
      settingsFor(buildsSettings, { parallel, waiting, timeoutSeconds: 10 }),
      settingsFor(fairShareSettings, { keyPercent: 50 }),
    );

  afterEach(() => {
    expect(clock.pendingTimers).toBe(0);
  });

  it('hands each turn to who has waited longest', async () => {
    const queue = queueWith(1, 2);
    const release = await queue.acquire('a', never);
    const [second, third] = [queue.acquire('b', never), queue.acquire('c', never)];
    expect(queue.running).toBe(1);
    release();
    (await second)();
    (await third)();
    expect(queue.running).toBe(0);
  });

  it('turns away who finds it full, and says when to come back', async () => {
    const queue = queueWith(1, 1);
    const release = await queue.acquire(undefined, never);
    const waiting = queue.acquire(undefined, never);
    await expect(queue.acquire(undefined, never)).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterMs: 10_000 },
    });
    release();
    (await waiting)();
  });

  it('keeps a key to its share, of turns and of places, so that others get theirs', async () => {
    const queue = queueWith(2, 2);
    const release = await queue.acquire('greedy', never);
    const waiting = queue.acquire('greedy', never);
    await expect(queue.acquire('greedy', never)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    (await queue.acquire('other', never))();
    release();
    (await waiting)();
  });

  it('turns away who has waited as long as a build may run', async () => {
    const queue = queueWith(1, 1);
    const release = await queue.acquire(undefined, never);
    const waiting = queue.acquire(undefined, never);
    clock.advance(10_000);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    release();
    (await queue.acquire(undefined, never))();
  });

  it('forgets who leaves', async () => {
    const queue = queueWith(1, 1);
    const release = await queue.acquire(undefined, never);
    const cancellation = new Cancellation();
    const waiting = queue.acquire(undefined, cancellation);
    cancellation.cancel(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    release();
    (await queue.acquire(undefined, never))();
  });
});

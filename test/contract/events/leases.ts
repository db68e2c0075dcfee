import { acceptance, claimQuery, failure, settlement } from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Who runs an event is known, also when servers end and clocks are set. */
export function leasesContract(tested: () => TestedStore): void {
  const claimOne = async (fields: Parameters<typeof claimQuery>[0] = {}) => {
    const [claimed] = await tested().store.claim(claimQuery(fields));
    if (!claimed) throw new Error('Nothing was due.');
    return claimed;
  };
  const now = () => tested().clock.wallTime().getTime();

  describe('leases', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b']) await tested().store.accept(acceptance(id));
    });

    it('end when nobody renews them, and the events are queued again at once', async () => {
      const { store, clock } = tested();
      const claimed = await claimOne();
      clock.advance(minuteMs - 1);
      await expect(store.releaseLost(null)).resolves.toBe(0);
      clock.advance(1);
      await expect(store.releaseLost(null)).resolves.toBe(1);
      await expect(store.find('a')).resolves.toMatchObject({
        state: 'queued',
        countedAttempts: 0,
        attempts: [{ invocationId: claimed.attempts[0]?.invocationId, endedAtMs: null, outcome: 'platform' }],
      });
      expect((await claimOne({ limit: 9 })).id).toBe('b');
    });

    it('are extended by their holder, also late, and by nobody else', async () => {
      const { store, clock } = tested();
      await claimOne();
      await expect(store.renew('there', ['a'], minuteMs)).resolves.toEqual([]);
      clock.advance(2 * minuteMs);
      await expect(store.renew('here', ['a', 'b', 'nobody'], minuteMs)).resolves.toEqual(['a']);
      clock.advance(minuteMs - 1);
      await expect(store.releaseLost(null)).resolves.toBe(0);
      clock.advance(1);
      await store.releaseLost(null);
      await expect(store.renew('here', ['a'], minuteMs)).resolves.toEqual([]);
    });

    it('end with the server that held them, and those of others hold', async () => {
      const { store } = tested();
      await claimOne({ owner: 'one' });
      await claimOne({ owner: 'two' });
      await expect(store.releaseLost('one')).resolves.toBe(1);
      await expect(store.find('a')).resolves.toMatchObject({ state: 'queued' });
      await expect(store.find('b')).resolves.toMatchObject({ state: 'running' });
    });

    it.each([dayMs, -dayMs])('hold though somebody sets the clock by %d ms', async (byMs) => {
      const { store, clock } = tested();
      await claimOne();
      clock.stepWallTime(byMs);
      await expect(store.releaseLost(null)).resolves.toBe(0);
      await expect(store.renew('here', ['a'], minuteMs)).resolves.toEqual(['a']);
      clock.advance(minuteMs);
      await expect(store.releaseLost(null)).resolves.toBe(1);
    });
  });

  describe('when somebody sets the clock', () => {
    it.each([dayMs, -dayMs])('by %d ms, attempts are due as if nobody had', async (byMs) => {
      const { store, clock } = tested();
      await store.accept(acceptance('a'));
      await store.settle(failure(await claimOne(), now() + 1000));
      clock.stepWallTime(byMs);
      expect(await store.claim(claimQuery())).toEqual([]);
      await expect(store.find('a')).resolves.toMatchObject({ nextAttemptAtMs: now() + 1000 });
      await expect(store.depths()).resolves.toMatchObject([{ nextDueMs: now() + 1000 }]);
      clock.advance(1000);
      await expect(claimOne()).resolves.toMatchObject({ id: 'a' });
    });

    it.each([dayMs, -dayMs])('by %d ms, a claim says how long the event may still be tried', async (byMs) => {
      const { store, clock } = tested();
      await store.accept(acceptance('a', { expiresAtMs: now() + 60 * minuteMs }));
      clock.advance(minuteMs);
      clock.stepWallTime(byMs);
      await expect(claimOne()).resolves.toMatchObject({ leftMs: 59 * minuteMs });
    });

    it.each([dayMs, -dayMs])(
      'by %d ms, what was asked for right before means what it meant',
      async (byMs) => {
        const { store, clock } = tested();
        await store.accept(acceptance('a'));
        const settled = store.settle(failure(await claimOne(), now() + 1000));
        clock.stepWallTime(byMs);
        await Promise.all([settled, store.accept(acceptance('b'))]);
        await expect(store.find('a')).resolves.toMatchObject({ nextAttemptAtMs: now() + 1000 });
      },
    );

    it.each([dayMs, -dayMs])('by %d ms, what is kept for an hour is kept for an hour', async (byMs) => {
      const { store, clock } = tested();
      await store.accept(acceptance('a', { expiresAtMs: now() + 60 * minuteMs }));
      const until = now() + 60 * minuteMs;
      const next = { state: 'succeeded', forgetAtMs: until } as const;
      await store.settle(settlement(await claimOne(), { next, resultUntilMs: until }));
      clock.stepWallTime(byMs);
      await expect(store.find('a')).resolves.toMatchObject({ expiresAtMs: now() + 60 * minuteMs });
      clock.advance(60 * minuteMs - 1);
      await store.forgetExpired(9);
      await expect(store.result('a')).resolves.toBeDefined();
      clock.advance(1);
      await store.forgetExpired(9);
      await expect(store.find('a')).resolves.toBeUndefined();
    });
  });
}

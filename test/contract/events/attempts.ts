import { keptAttempts } from '../../../src/events/event.js';
import { followUpQueueFull } from '../../../src/events/store/event-store.js';
import {
  acceptance,
  type AcceptanceFields,
  claimQuery,
  death,
  endedAttempt,
  eventRequest,
  eventResult,
  failure,
  newEvent,
  settlement,
} from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

/** Events are run by whoever holds them. */
export function attemptsContract(tested: () => TestedStore): void {
  const accept = async (...ids: string[]) => {
    for (const id of ids) await tested().store.accept(acceptance(id));
  };
  const claim = async (fields: Parameters<typeof claimQuery>[0] = {}) =>
    tested().store.claim(claimQuery(fields));
  const claimOne = async (fields: Parameters<typeof claimQuery>[0] = {}) => {
    const [claimed] = await claim(fields);
    if (!claimed) throw new Error('Nothing was due.');
    return claimed;
  };
  const now = () => tested().clock.wallTime().getTime();

  describe('claiming', () => {
    it('gives the oldest of one function, and each once', async () => {
      await accept('a', 'b', 'c');
      await tested().store.accept(acceptance('x', { functionId: 'f-other' }));
      expect((await claim({ limit: 2 })).map(({ id }) => id)).toEqual(['a', 'b']);
      expect((await claim({ limit: 9 })).map(({ id }) => id)).toEqual(['c']);
      expect(await claim()).toEqual([]);
      expect((await claim({ functionId: 'f-other' })).map(({ id }) => id)).toEqual(['x']);
    });

    it('begins an attempt, which is running with a lease', async () => {
      await accept('a');
      tested().clock.advance(10);
      const claimed = await claimOne({ invocationIds: ['i'], leaseMs: 500 });
      const attempts = [
        { invocationId: 'i', startedAtMs: now(), endedAtMs: null, outcome: null, code: null, message: null },
      ];
      const running = {
        state: 'running',
        attempts,
        attemptCount: 1,
        nextAttemptAtMs: null,
        countedAttempts: 0,
      };
      expect(claimed).toMatchObject({ ...running, leaseUntilMs: now() + 500 });
      await expect(tested().store.find('a')).resolves.toMatchObject(running);
    });

    it('gives what is too old, of all functions, those that expired first first, and each once', async () => {
      const minute = 60_000;
      const expiries: readonly [string, AcceptanceFields][] = [
        ['later', { expiresAtMs: now() + 2 * minute }],
        ['first', { expiresAtMs: now() + minute, functionId: 'f-other' }],
        ['young', { expiresAtMs: now() + 3 * minute }],
        ['runs', { expiresAtMs: now() + minute, functionId: 'f-runs' }],
      ];
      for (const [id, fields] of expiries) await tested().store.accept(acceptance(id, fields));
      await claimOne({ functionId: 'f-runs' });
      tested().clock.advance(minute - 1);
      expect(await tested().store.claimExpired(claimQuery({ limit: 9 }))).toEqual([]);
      tested().clock.advance(minute + 1);
      const expired = await tested().store.claimExpired(claimQuery({ limit: 9, owner: 'here' }));
      expect(expired).toMatchObject([
        { id: 'first', state: 'running', leftMs: -minute },
        { id: 'later', state: 'running', leftMs: 0 },
      ]);
      expect(await tested().store.claimExpired(claimQuery({ limit: 9 }))).toEqual([]);
      for (const event of expired) expect(await tested().store.settle(death(event))).toBe(true);
      await expect(tested().store.find('later')).resolves.toMatchObject({ state: 'dead' });
    });

    it('gives of what is too old no more than was asked for, and of an ordering key what has its turn', async () => {
      for (const id of ['a', 'b']) await tested().store.accept(acceptance(id, { orderingKey: 'k' }));
      await accept('c');
      tested().clock.advance(7 * 3_600_000);
      const one = async () => (await tested().store.claimExpired(claimQuery())).map(({ id }) => id);
      expect([await one(), await one(), await one()]).toEqual([['a'], ['c'], []]);
    });

    it('never gives one event to two who ask at the same time', async () => {
      await accept('a', 'b', 'c');
      const owners = ['one', 'two', 'three', 'four'];
      const claims = await Promise.all(owners.map((owner) => claim({ owner })));
      expect(claims.map((claimed) => claimed.map(({ id }) => id))).toEqual([['a'], ['b'], ['c'], []]);
    });

    it('gives an event that is to be tried again when it is due, after those that were due before', async () => {
      const { store, clock } = tested();
      await accept('a', 'b');
      await store.settle(failure(await claimOne(), now() + 1000));
      await expect(store.find('a')).resolves.toMatchObject({
        state: 'failed',
        nextAttemptAtMs: now() + 1000,
      });
      clock.advance(999);
      expect((await claim({ limit: 9 })).map(({ id }) => id)).toEqual(['b']);
      await accept('c');
      clock.advance(1);
      await accept('d');
      expect((await claim({ limit: 9 })).map(({ id }) => id)).toEqual(['c', 'a', 'd']);
    });
  });

  describe('settling', () => {
    it('ends an event with its result', async () => {
      const { store } = tested();
      await accept('a');
      const claimed = await claimOne();
      await expect(store.settle(settlement(claimed))).resolves.toBe(true);
      const attempt = endedAttempt(claimed);
      await expect(store.find('a')).resolves.toMatchObject({
        state: 'succeeded',
        endedAtMs: attempt.endedAtMs,
        nextAttemptAtMs: null,
        attempts: [attempt],
        countedAttempts: 0,
        followUp: null,
      });
      const result = await store.result('a');
      expect(result).toMatchObject({ ...eventResult, body: expect.anything() as unknown });
      expect([...(result?.body ?? [])]).toEqual([...eventResult.body!]);
      expect(await claim()).toEqual([]);
    });

    it('keeps a result without a body, and with none', async () => {
      const { store } = tested();
      await accept('a', 'b');
      await store.settle(
        settlement(await claimOne(), { result: { ...eventResult, body: null, bodyBytes: 9 } }),
      );
      await expect(store.result('a')).resolves.toEqual({ ...eventResult, body: null, bodyBytes: 9 });
      await store.settle(settlement(await claimOne(), { result: null }));
      await expect(store.result('b')).resolves.toBeUndefined();
    });

    it("counts the attempts that failed through the function's fault, and no other", async () => {
      const { store } = tested();
      await accept('a');
      await store.settle(failure(await claimOne(), now()));
      const attempt = endedAttempt(await claimOne(), { outcome: 'platform', code: 'OVERLOADED' });
      const [running] = (await store.list({ limit: 1 })).events;
      expect(running).toMatchObject({ state: 'running', countedAttempts: 1, attemptCount: 2 });
      const queued = { state: 'queued', dueMs: now() } as const;
      await store.settle(
        settlement(
          { ...running!, request: eventRequest, leaseUntilMs: 0, leftMs: 0 },
          { attempt, next: queued },
        ),
      );
      await expect(store.find('a')).resolves.toMatchObject({ state: 'queued', countedAttempts: 1 });
      await store.settle(death(await claimOne()));
      const dead = { state: 'dead', countedAttempts: 2, attemptCount: 3 };
      await expect(store.find('a')).resolves.toMatchObject(dead);
    });

    it('is done by the holder alone, and only for the attempt that runs', async () => {
      const { store } = tested();
      await accept('a');
      const first = await claimOne();
      await expect(store.settle(settlement(first, { owner: 'there' }))).resolves.toBe(false);
      await store.releaseLost('here');
      await expect(store.settle(settlement(first))).resolves.toBe(false);
      const second = await claimOne();
      await expect(store.settle(settlement(first))).resolves.toBe(false);
      await expect(store.settle(settlement(second))).resolves.toBe(true);
      await expect(store.settle(settlement({ ...second, id: 'nobody' }))).resolves.toBe(false);
    });

    it('counts once where it comes again', async () => {
      const { store } = tested();
      await accept('a');
      const failed = failure(await claimOne(), now());
      await expect(store.settle(failed)).resolves.toBe(true);
      await expect(store.settle(failed)).resolves.toBe(true);
      await expect(store.find('a')).resolves.toMatchObject({ state: 'failed', countedAttempts: 1 });
    });

    it('keeps the last attempts, and the number of all', async () => {
      const { store } = tested();
      await accept('a');
      for (let number = 0; number <= keptAttempts; number += 1) {
        await store.settle(failure(await claimOne({ invocationIds: [`i-${number}`] }), now()));
      }
      const found = await store.find('a');
      expect(found?.attemptCount).toBe(keptAttempts + 1);
      expect(found?.attempts).toHaveLength(keptAttempts);
      expect(found?.attempts.at(0)?.invocationId).toBe('i-1');
      expect(found?.attempts.at(-1)?.invocationId).toBe(`i-${keptAttempts}`);
    });

    it('makes the event that follows in the same step', async () => {
      const { store } = tested();
      await accept('a');
      const source = { kind: 'event', eventId: 'a', outcome: 'success' } as const;
      const event = newEvent('b', { functionId: 'f-other', source, depth: 1 });
      const followUp = { functionName: 'other', eventId: 'b', refusal: null };
      const settled = settlement(await claimOne(), { followUp, followUpEvent: { event, maxQueued: 1 } });
      await store.settle(settled);
      await store.settle(settled);
      await expect(store.find('a')).resolves.toMatchObject({ followUp });
      expect((await claim({ functionId: 'f-other', limit: 9 })).map(({ id }) => id)).toEqual(['b']);
    });

    it('makes none where its queue is full, and says so', async () => {
      const { store } = tested();
      await accept('a');
      await store.accept(acceptance('x', { functionId: 'f-other' }));
      const event = newEvent('b', { functionId: 'f-other' });
      const followUp = { functionName: 'other', eventId: 'b', refusal: null };
      await store.settle(settlement(await claimOne(), { followUp, followUpEvent: { event, maxQueued: 1 } }));
      const refused = { ...followUp, eventId: null, refusal: followUpQueueFull };
      await expect(store.find('a')).resolves.toMatchObject({ state: 'succeeded', followUp: refused });
      await expect(store.find('b')).resolves.toBeUndefined();
    });

    it('makes none where the lease was lost', async () => {
      const { store } = tested();
      await accept('a');
      const followUpEvent = { event: newEvent('b'), maxQueued: 9 };
      await store.settle(settlement(await claimOne(), { owner: 'there', followUpEvent }));
      await expect(store.find('b')).resolves.toBeUndefined();
    });
  });
}

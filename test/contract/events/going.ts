import {
  acceptance,
  acceptedAtMs,
  claimQuery,
  death,
  failure,
  idempotencyClaim,
  settlement,
} from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

const later = acceptedAtMs + 5000;
const hello = ['f-hello'];

/** Events start again, and go. */
export function goingContract(tested: () => TestedStore): void {
  const claim = async (limit = 9) => tested().store.claim(claimQuery({ limit }));
  const stateOf = async (id: string) => (await tested().store.find(id))?.state;

  /** One of each state in this order. */
  const acceptSome = async () => {
    const { store } = tested();
    for (const id of ['succeeded', 'dead', 'failed', 'running', 'queued']) await store.accept(acceptance(id));
    const [first, second, third] = await claim(4);
    await store.settle(settlement(first!));
    await store.settle(
      death(second!, { followUp: { functionName: 'other', eventId: null, refusal: 'No.' } }),
    );
    await store.settle(failure(third!, later));
  };

  describe('trying again', () => {
    it('makes dead, failed and queued events due at once, as if they were new', async () => {
      const { store } = tested();
      await acceptSome();
      const outcomes = ['succeeded', 'dead', 'failed', 'running', 'queued', 'nobody'].map(async (id) =>
        store.retry(id, later),
      );
      await expect(Promise.all(outcomes)).resolves.toEqual([false, true, true, false, true, false]);
      const renewed = {
        state: 'queued',
        countedAttempts: 0,
        expiresAtMs: later,
        endedAtMs: null,
        followUp: null,
      };
      for (const id of ['dead', 'failed']) {
        await expect(store.find(id)).resolves.toMatchObject({ ...renewed, attemptCount: 1 });
      }
      expect((await claim()).map(({ id }) => id).sort()).toEqual(['dead', 'failed', 'queued']);
    });

    it('does the same for those that match and are not due, as many as asked for', async () => {
      const { store } = tested();
      await acceptSome();
      const all = {
        functionIds: hello,
        states: ['dead', 'failed', 'queued', 'succeeded', 'running'],
      } as const;
      await expect(store.retryAll({ ...all, functionIds: ['f-other'] }, later, 9)).resolves.toBe(0);
      await expect(store.retryAll({ ...all, states: ['failed'] }, later, 9)).resolves.toBe(1);
      await expect(store.retryAll(all, later, 9)).resolves.toBe(1);
      await expect(store.retryAll(all, later, 9)).resolves.toBe(0);
      expect([await stateOf('dead'), await stateOf('succeeded')]).toEqual(['queued', 'succeeded']);
    });

    it('takes no more than it is told to', async () => {
      const { store } = tested();
      for (const id of ['a', 'b', 'c']) await store.accept(acceptance(id));
      for (const claimed of await claim()) await store.settle(death(claimed));
      const dead = { functionIds: hello, states: ['dead'] } as const;
      await expect(store.retryAll(dead, later, 2)).resolves.toBe(2);
      expect([await stateOf('a'), await stateOf('b'), await stateOf('c')]).toEqual([
        'queued',
        'queued',
        'dead',
      ]);
    });
  });

  describe('deleting', () => {
    it('takes an event away with its result, whatever its state, and counts it no more', async () => {
      const { store } = tested();
      await acceptSome();
      for (const id of ['succeeded', 'dead', 'failed', 'running', 'queued']) {
        await expect(store.delete(id)).resolves.toBe(true);
        await expect(store.find(id)).resolves.toBeUndefined();
      }
      await expect(store.delete('queued')).resolves.toBe(false);
      await expect(store.result('succeeded')).resolves.toBeUndefined();
      await expect(store.depths()).resolves.toEqual([]);
      await expect(store.queuedBytes()).resolves.toBe(0);
    });

    it('purges the oldest that match and do not run', async () => {
      const { store } = tested();
      await acceptSome();
      const all = { functionIds: hello, states: ['queued', 'running', 'dead', 'failed'] } as const;
      await expect(store.purge({ ...all, functionIds: [] }, 9)).resolves.toBe(0);
      await expect(store.purge(all, 2)).resolves.toBe(2);
      expect([await stateOf('dead'), await stateOf('failed'), await stateOf('queued')]).toEqual([
        undefined,
        undefined,
        'queued',
      ]);
      await expect(store.purge(all, 9)).resolves.toBe(1);
      const left = (await store.list({ limit: 9 })).events.map(({ id }) => id);
      expect(left).toEqual(['running', 'succeeded']);
    });
  });

  describe('forgetting', () => {
    it('takes events, results and keys whose time has passed, some at a time', async () => {
      const { store, clock } = tested();
      const resultUntilMs = acceptedAtMs + 1000;
      for (const id of ['a', 'b', 'c']) {
        await store.accept(acceptance(id));
        const next = { state: 'succeeded', forgetAtMs: acceptedAtMs + 2000 } as const;
        await store.settle(settlement((await claim())[0]!, { next, resultUntilMs }));
      }
      clock.advance(1000);
      await expect(store.result('a')).resolves.toBeUndefined();
      await expect(store.forgetExpired(2)).resolves.toEqual({ mayBeMore: true, dropped: null });
      await expect(store.forgetExpired(2)).resolves.toEqual({ mayBeMore: false, dropped: null });
      await expect(store.find('a')).resolves.toBeDefined();
      clock.advance(1000);
      await expect(store.forgetExpired(2)).resolves.toEqual({ mayBeMore: true, dropped: null });
      await expect(store.forgetExpired(2)).resolves.toEqual({ mayBeMore: false, dropped: null });
      await expect(store.list({ limit: 9 })).resolves.toEqual({ events: [], next: null });
    });

    it('takes everything of a function, and nothing of another', async () => {
      const { store } = tested();
      const firing = (of: string) => ({ scheduleId: `${of}/nightly`, dueMs: 5 });
      for (const functionId of ['f-hello', 'f-other']) {
        const idempotency = idempotencyClaim({ functionId });
        await store.accept(acceptance(functionId, { functionId, idempotency, firing: firing(functionId) }));
        await store.claimCall(idempotency, 'c-1', 1000);
      }
      await claim();
      await store.forgetFunction('f-hello');
      await expect(store.find('f-hello')).resolves.toBeUndefined();
      await expect(store.positions()).resolves.toMatchObject([{ scheduleId: 'f-other/nightly' }]);
      await expect(store.claimCall(idempotencyClaim(), 'c-2', 1000)).resolves.toEqual({ kind: 'first' });
      const again = acceptance('again', { idempotency: idempotencyClaim() });
      await expect(store.accept(again)).resolves.toEqual({ kind: 'accepted' });
      await store.forgetFunction('f-nobody');
      await expect(store.find('f-other')).resolves.toBeDefined();
    });

    it('takes everything of functions that there are no more', async () => {
      const { store } = tested();
      for (const functionId of ['f-1', 'f-2', 'f-3'])
        await store.accept(acceptance(functionId, { functionId }));
      await store.advance({
        scheduleId: 'f-4/nightly',
        definition: 'd',
        sinceMs: 1,
        lastDueMs: null,
        lastEventId: null,
      });
      await store.retainFunctions(['f-2']);
      expect((await store.list({ limit: 9 })).events.map(({ id }) => id)).toEqual(['f-2']);
      await expect(store.positions()).resolves.toEqual([]);
    });
  });
}

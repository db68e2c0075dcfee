import type { SchedulePosition } from '../../../src/events/store/event-store.js';
import {
  acceptance,
  acceptedAtMs,
  claimQuery,
  eventResult,
  idempotencyClaim,
  settlement,
} from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

const dayMs = 86_400_000;

/** Requests with a key count once, and so do the times of a schedule. */
export function keysAndSchedulesContract(tested: () => TestedStore): void {
  const acceptWith = (id: string, claim: Parameters<typeof idempotencyClaim>[0] = {}) =>
    tested().store.accept(acceptance(id, { idempotency: idempotencyClaim(claim) }));

  describe('the key of an event', () => {
    it('stands for the first event, as it is by now', async () => {
      const { store } = tested();
      await acceptWith('a');
      await store.settle(settlement((await store.claim(claimQuery()))[0]!));
      const same = { kind: 'same', event: { id: 'a', state: 'succeeded' } };
      await expect(acceptWith('b')).resolves.toMatchObject(same);
      await expect(store.find('b')).resolves.toBeUndefined();
    });

    it('is refused with another request', async () => {
      await acceptWith('a');
      await expect(acceptWith('b', { fingerprint: 'other' })).resolves.toEqual({ kind: 'different' });
    });

    it('is of one function and one sender', async () => {
      const { store } = tested();
      await acceptWith('a');
      await expect(acceptWith('b', { caller: 'key-2' })).resolves.toEqual({ kind: 'accepted' });
      await expect(acceptWith('c', { caller: 'stranger' })).resolves.toEqual({ kind: 'accepted' });
      await expect(acceptWith('d', { caller: 'stranger' })).resolves.toMatchObject({ kind: 'same' });
      await expect(acceptWith('e', { key: 'another' })).resolves.toEqual({ kind: 'accepted' });
      const elsewhere = { functionId: 'f-other', idempotency: idempotencyClaim({ functionId: 'f-other' }) };
      await expect(store.accept(acceptance('f', elsewhere))).resolves.toEqual({ kind: 'accepted' });
    });

    it('lets one of many that come at once in', async () => {
      const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((id) => acceptWith(id)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'same', 'same', 'same']);
    });

    it('is free again when its time has passed, and when its event was deleted', async () => {
      const { store, clock } = tested();
      await acceptWith('a');
      await store.delete('a');
      await expect(acceptWith('b')).resolves.toEqual({ kind: 'accepted' });
      clock.advance(dayMs);
      const untilMs = acceptedAtMs + 2 * dayMs;
      await expect(acceptWith('c', { untilMs })).resolves.toEqual({ kind: 'accepted' });
      await expect(acceptWith('d', { untilMs })).resolves.toMatchObject({ kind: 'same', event: { id: 'c' } });
    });

    it('is kept for no event that was refused', async () => {
      const { store } = tested();
      const full = acceptance('a', { maxQueued: 0, idempotency: idempotencyClaim() });
      await expect(store.accept(full)).resolves.toMatchObject({ kind: 'full' });
      await expect(acceptWith('b')).resolves.toEqual({ kind: 'accepted' });
    });
  });

  describe('the key of a call', () => {
    const claim = (fields: Parameters<typeof idempotencyClaim>[0] = {}, callId = 'c-1') =>
      tested().store.claimCall(idempotencyClaim(fields), callId, 1000);
    const answer = (result: typeof eventResult | null, callId = 'c-1') =>
      tested().store.answerCall(idempotencyClaim(), callId, result);

    it('is claimed once, and answered the same from then on', async () => {
      await acceptWith('an event with the same key');
      const claims = await Promise.all([claim(), claim({}, 'c-2'), claim({ fingerprint: 'other' })]);
      expect(claims.map(({ kind }) => kind)).toEqual(['first', 'running', 'different']);
      await answer(eventResult);
      await answer({ ...eventResult, status: 500 });
      const answered = await claim();
      expect(answered).toMatchObject({
        kind: 'answered',
        result: { status: 200, headers: eventResult.headers },
      });
      await expect(claim({ fingerprint: 'other' })).resolves.toEqual({ kind: 'different' });
      tested().clock.advance(dayMs);
      await expect(claim({ untilMs: acceptedAtMs + 2 * dayMs })).resolves.toEqual({ kind: 'first' });
    });

    it('can be given up, and is given up by a server that ended', async () => {
      await claim();
      await answer(null);
      await expect(claim()).resolves.toEqual({ kind: 'first' });
      tested().clock.advance(1000);
      await expect(claim({}, 'c-2')).resolves.toEqual({ kind: 'first' });
      await answer(eventResult, 'c-2');
      await answer(null, 'c-2');
      await expect(claim()).resolves.toMatchObject({ kind: 'answered' });
    });

    it('is neither answered nor given up by a call that another has taken the place of', async () => {
      await claim();
      tested().clock.advance(1000);
      await claim({}, 'c-2');
      await answer(null);
      await answer({ ...eventResult, status: 500 });
      await expect(claim({}, 'c-3')).resolves.toEqual({ kind: 'running' });
      await answer(eventResult, 'c-2');
      await expect(claim({}, 'c-3')).resolves.toMatchObject({ kind: 'answered', result: { status: 200 } });
    });

    it('is still its own for a call whose claim was answered but not heard', async () => {
      await claim();
      await expect(claim()).resolves.toEqual({ kind: 'first' });
      await expect(claim({}, 'c-2')).resolves.toEqual({ kind: 'running' });
    });
  });

  describe('the room for answers to calls', () => {
    const long = { ...eventResult, body: new Uint8Array(400), bodyBytes: 400 };
    const forgotten = { status: 200, headers: {}, body: null, bodyBytes: 400 };
    const claim = (key: string, fields: Parameters<typeof idempotencyClaim>[0] = {}) =>
      tested().store.claimCall(idempotencyClaim({ key, ...fields }), `c-${key}`, 1000);
    const answered = async (...keys: readonly string[]) => {
      for (const key of keys) {
        await claim(key, { untilMs: tested().clock.wallTime().getTime() + dayMs });
        tested().clock.advance(1);
        await tested().store.answerCall(idempotencyClaim({ key }), `c-${key}`, long);
      }
    };
    const resultOf = async (key: string) => {
      const claimed = await claim(key);
      return claimed.kind === 'answered' ? claimed.result : claimed.kind;
    };
    const whole = expect.objectContaining({ headers: long.headers, bodyBytes: 400, status: 200 }) as object;

    it('is made by the oldest, whose keys stand for what was done all the same', async () => {
      await answered('a', 'b');
      expect([await resultOf('a'), await resultOf('b')]).toEqual([whole, whole]);
      await answered('c');
      expect([await resultOf('a'), await resultOf('b'), await resultOf('c')]).toEqual([
        forgotten,
        whole,
        whole,
      ]);
      await answered('d', 'e');
      expect([await resultOf('c'), await resultOf('d'), await resultOf('e')]).toEqual([
        forgotten,
        whole,
        whole,
      ]);
    });

    it('is there again once answers have gone, with their time or their function, or a key is another’s', async () => {
      await answered('a', 'b');
      tested().clock.advance(dayMs);
      await answered('a', 'b');
      expect([await resultOf('a'), await resultOf('b')]).toEqual([whole, whole]);
      tested().clock.advance(dayMs);
      await tested().store.forgetExpired(9);
      await answered('c', 'd');
      expect([await resultOf('c'), await resultOf('d')]).toEqual([whole, whole]);
      await tested().store.forgetFunction('f-hello');
      await answered('e', 'f');
      expect([await resultOf('e'), await resultOf('f')]).toEqual([whole, whole]);
    });

    it('is taken by answers, not by their keys, until they go', async () => {
      const { store, clock } = tested();
      await expect(store.answerBytes()).resolves.toBe(0);
      await claim('waiting');
      await expect(store.answerBytes()).resolves.toBe(0);
      await answered('a');
      const ofOne = await store.answerBytes();
      expect(ofOne).toBeGreaterThan(400);
      await answered('b');
      await expect(store.answerBytes()).resolves.toBe(2 * ofOne);
      await answered('c');
      await expect(store.answerBytes()).resolves.toBe(2 * ofOne);
      clock.advance(dayMs);
      await store.forgetExpired(9);
      await expect(store.answerBytes()).resolves.toBe(0);
      await answered('d');
      await store.forgetFunction('f-hello');
      await expect(store.answerBytes()).resolves.toBe(0);
    });

    it('is not enough for one that is larger than all of it, which leaves the others', async () => {
      await answered('a');
      await claim('large');
      const larger = { ...eventResult, body: new Uint8Array(1000), bodyBytes: 1000 };
      await tested().store.answerCall(idempotencyClaim({ key: 'large' }), 'c-large', larger);
      expect([await resultOf('a'), await resultOf('large')]).toEqual([
        whole,
        { ...forgotten, bodyBytes: 1000 },
      ]);
    });
  });

  describe('the position of a schedule', () => {
    const position = (fields: Partial<SchedulePosition> = {}): SchedulePosition => ({
      scheduleId: 'f-hello/nightly',
      definition: 'd-1',
      sinceMs: 10,
      lastDueMs: null,
      lastEventId: null,
      ...fields,
    });
    const fire = (id: string, dueMs: number) =>
      tested().store.accept(acceptance(id, { firing: { scheduleId: 'f-hello/nightly', dueMs } }));

    it('lets each due time make one event, in order', async () => {
      const { store } = tested();
      await store.advance(position());
      const outcomes = await Promise.all([fire('a', 20), fire('b', 20), fire('c', 19), fire('d', 30)]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'fired', 'fired', 'accepted']);
      await expect(store.positions()).resolves.toEqual([position({ lastDueMs: 30, lastEventId: 'd' })]);
      await expect(fire('d', 30)).resolves.toEqual({ kind: 'accepted' });
    });

    it('stays where it is when its event was refused', async () => {
      const { store } = tested();
      await store.advance(position());
      const firing = { scheduleId: 'f-hello/nightly', dueMs: 20 };
      await expect(store.accept(acceptance('a', { firing, maxQueued: 0 }))).resolves.toMatchObject({
        kind: 'full',
      });
      await expect(store.positions()).resolves.toEqual([position()]);
      await expect(fire('b', 20)).resolves.toEqual({ kind: 'accepted' });
    });

    it('moves on over what was left out, never back, and begins anew with another definition', async () => {
      const { store } = tested();
      await store.advance(position());
      await fire('a', 20);
      await store.advance(position({ lastDueMs: 30, sinceMs: 99 }));
      await store.advance(position({ lastDueMs: 25 }));
      await expect(store.positions()).resolves.toEqual([position({ lastDueMs: 30, lastEventId: 'a' })]);
      await expect(fire('b', 30)).resolves.toEqual({ kind: 'fired' });
      const anew = position({ definition: 'd-2', sinceMs: 40 });
      await store.advance(anew);
      await expect(store.positions()).resolves.toEqual([{ ...anew, lastEventId: 'a' }]);
      await store.forgetSchedule('f-hello/nightly');
      await expect(store.positions()).resolves.toEqual([]);
    });
  });
}

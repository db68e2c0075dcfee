import { acceptance, acceptedAtMs, claimQuery, death, settlement } from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

const result = { status: 200, headers: {}, body: new Uint8Array(100_000), bodyBytes: 100_000 };
const enough = { mayBeMore: false, dropped: null };
const more = { mayBeMore: true, dropped: null };

/** Events that have ended are kept while there is room. */
export function keptRoomContract(tested: () => TestedStore): void {
  const begin = async (id: string, functionId: string) => {
    await tested().store.accept(acceptance(id, { functionId }));
    return (await tested().store.claim(claimQuery({ functionId })))[0]!;
  };
  const succeed = async (id: string, functionId = 'f-hello') =>
    tested().store.settle(settlement(await begin(id, functionId), { result }));
  const die = async (id: string, functionId = 'f-hello') =>
    tested().store.settle(death(await begin(id, functionId), { result }));
  const kept = async () => (await tested().store.list({ limit: 99 })).events.map(({ id }) => id).reverse();
  const forget = (limit = 99) => tested().store.forgetExpired(limit);

  describe('the room for what has ended', () => {
    it('is taken by results, by dead requests and by each event, until they go', async () => {
      const { store, clock } = tested();
      await expect(store.keptBytes()).resolves.toBe(0);
      await begin('running', 'f-hello');
      await expect(store.keptBytes()).resolves.toBe(0);
      const resultUntilMs = acceptedAtMs + 1000;
      await store.settle(settlement(await begin('s', 'f-hello'), { result, resultUntilMs }));
      const ofSucceeded = await store.keptBytes();
      expect(ofSucceeded).toBeGreaterThan(100_000);
      await die('d');
      await expect(store.keptBytes()).resolves.toBe(2 * ofSucceeded + 4);
      await store.retry('d', acceptedAtMs + 5000);
      await expect(store.keptBytes()).resolves.toBe(ofSucceeded);
      clock.advance(1000);
      await forget();
      const ofEvent = await store.keptBytes();
      expect([ofEvent > 0, ofEvent < 100_000]).toEqual([true, true]);
      await store.delete('s');
      await expect(store.keptBytes()).resolves.toBe(0);
      await succeed('t');
      await store.forgetFunction('f-hello');
      await expect(store.keptBytes()).resolves.toBe(0);
    });

    it('is made by the oldest that succeeded, then by the oldest dead ones, of which it tells', async () => {
      await die('a');
      await succeed('b');
      await succeed('c');
      await die('d');
      await expect(forget()).resolves.toEqual(enough);
      await die('e');
      await expect(forget()).resolves.toEqual(enough);
      expect(await kept()).toEqual(['a', 'c', 'd', 'e']);
      await die('f');
      await die('g');
      await expect(forget()).resolves.toEqual(more);
      expect(await kept()).toEqual(['a', 'd', 'e', 'f', 'g']);
      await expect(forget()).resolves.toEqual({
        mayBeMore: false,
        dropped: { functionId: 'f-hello', dead: 1 },
      });
      expect(await kept()).toEqual(['d', 'e', 'f', 'g']);
    });

    it('is made by the function that has more than its share, even with what is dead', async () => {
      await succeed('a', 'f-other');
      await succeed('b', 'f-other');
      for (const id of ['c', 'd', 'e']) await die(id);
      await expect(forget()).resolves.toMatchObject({ dropped: { functionId: 'f-hello', dead: 1 } });
      expect(await kept()).toEqual(['a', 'b', 'd', 'e']);
    });

    it('is made by the function that has most where none has more than its share', async () => {
      await succeed('a', 'f-little');
      for (const id of ['b', 'c']) await die(id, 'f-dead');
      for (const id of ['d', 'e']) await succeed(id, 'f-most');
      await expect(forget()).resolves.toEqual(enough);
      expect(await kept()).toEqual(['a', 'b', 'c', 'e']);
    });

    it('is made in steps, and not by what has not ended', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await succeed(id);
      await tested().store.accept(acceptance('queued'));
      await expect(forget(1)).resolves.toEqual(more);
      await expect(forget(1)).resolves.toEqual(enough);
      expect(await kept()).toEqual(['c', 'd', 'e', 'f', 'queued']);
    });
  });
}

import { acceptance, claimQuery, death, failure, settlement } from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

/** Events of one ordering key of one function run one after another. */
export function orderingContract(tested: () => TestedStore): void {
  const accept = async (id: string, orderingKey: string | null = 'k', functionId = 'f-hello') => {
    await tested().store.accept(acceptance(id, { orderingKey, functionId }));
  };
  const claim = async (fields: Parameters<typeof claimQuery>[0] = {}) =>
    tested().store.claim(claimQuery({ limit: 9, ...fields }));
  const claimIds = async (functionId = 'f-hello') => (await claim({ functionId })).map(({ id }) => id);
  const now = () => tested().clock.wallTime().getTime();

  describe('ordering keys', () => {
    it('let one event of a key run at a time, in the order of arrival, and hold up no other', async () => {
      const { store } = tested();
      await accept('a1', 'a');
      await accept('a2', 'a');
      await accept('b1', 'b');
      await accept('free', null);
      await accept('a3', 'a', 'f-other');
      const [first] = await claim();
      await expect(claimIds()).resolves.toEqual([]);
      await expect(claimIds('f-other')).resolves.toEqual(['a3']);
      await expect(store.find('a2')).resolves.toMatchObject({ state: 'queued', nextAttemptAtMs: null });
      expect(first?.id).toBe('a1');
      await store.settle(settlement(first!));
      await expect(claimIds()).resolves.toEqual(['a2']);
    });

    it('let nobody pass one that failed and is tried again, until it is dead', async () => {
      const { store, clock } = tested();
      await accept('a1');
      await accept('a2');
      const [first] = await claim();
      await store.settle(failure(first!, now() + 1000));
      await expect(claimIds()).resolves.toEqual([]);
      clock.advance(1000);
      const [again] = await claim();
      expect(again?.id).toBe('a1');
      await store.settle(death(again!));
      await expect(claimIds()).resolves.toEqual(['a2']);
    });

    it('let nobody pass one whose server ended', async () => {
      const { store } = tested();
      await accept('a1');
      await accept('a2');
      await claim();
      await store.releaseLost('here');
      await expect(claimIds()).resolves.toEqual(['a1']);
    });

    it.each([
      ['deleted while it waits', (id: string) => tested().store.delete(id)],
      [
        'purged',
        (id: string) => {
          expect(id).toBe('a1');
          return tested().store.purge({ functionIds: ['f-hello'], states: ['queued'] }, 1);
        },
      ],
    ])('pass the turn on when the first is %s', async (_, remove) => {
      await accept('a1');
      await accept('a2');
      await accept('a3');
      await remove('a1');
      await expect(claimIds()).resolves.toEqual(['a2']);
    });

    it('pass the turn on when the first is deleted while it runs', async () => {
      const { store } = tested();
      await accept('a1');
      await accept('a2');
      const [first] = await claim();
      await store.delete('a1');
      await expect(store.settle(settlement(first!))).resolves.toBe(false);
      await expect(claimIds()).resolves.toEqual(['a2']);
    });

    it('give a dead one that is tried again the next turn', async () => {
      const { store } = tested();
      await accept('a1');
      await accept('a2');
      await accept('a3');
      await store.settle(death((await claim())[0]!));
      const [second] = await claim();
      await store.retry('a1', now() + 1000);
      await store.retry('a3', now() + 1000);
      await expect(claimIds()).resolves.toEqual([]);
      await store.settle(settlement(second!));
      await expect(claimIds()).resolves.toEqual(['a1']);
    });

    it('give an event that comes after all others have ended its turn at once', async () => {
      const { store } = tested();
      await accept('a1');
      await store.settle(settlement((await claim())[0]!));
      await accept('a2');
      await expect(claimIds()).resolves.toEqual(['a2']);
    });
  });
}

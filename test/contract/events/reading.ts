import type { EventQuery } from '../../../src/events/store/event-store.js';
import {
  acceptance,
  acceptedAtMs,
  claimQuery,
  death,
  eventRequest,
  failure,
  settlement,
} from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

/** Events are found and counted. */
export function readingContract(tested: () => TestedStore): void {
  /** One of each state of `f-hello` in this order, and one of `f-other`. */
  const acceptSome = async () => {
    const { store } = tested();
    for (const id of ['succeeded', 'dead', 'failed', 'running', 'queued']) await store.accept(acceptance(id));
    await store.accept(acceptance('other', { functionId: 'f-other' }));
    const [first, second, third] = await store.claim(claimQuery({ limit: 4 }));
    await store.settle(settlement(first!));
    await store.settle(death(second!));
    await store.settle(failure(third!, acceptedAtMs + 5000));
  };

  describe('listing', () => {
    const idsOf = async (query: Partial<EventQuery> = {}) =>
      (await tested().store.list({ limit: 9, ...query })).events.map(({ id }) => id);

    it('gives the newest first, of some functions, in some states', async () => {
      await acceptSome();
      const ofHello = ['queued', 'running', 'failed', 'dead', 'succeeded'];
      await expect(idsOf()).resolves.toEqual(['other', ...ofHello]);
      await expect(idsOf({ functionIds: ['f-hello'] })).resolves.toEqual(ofHello);
      await expect(idsOf({ functionIds: ['f-other', 'f-hello'] })).resolves.toEqual(['other', ...ofHello]);
      await expect(idsOf({ functionIds: [] })).resolves.toEqual([]);
      await expect(idsOf({ functionIds: ['f-nobody'] })).resolves.toEqual([]);
      await expect(idsOf({ states: [] })).resolves.toEqual([]);
      await expect(idsOf({ states: ['queued'] })).resolves.toEqual(['other', 'queued']);
      await expect(idsOf({ states: ['dead', 'running'], functionIds: ['f-hello'] })).resolves.toEqual([
        'running',
        'dead',
      ]);
    });

    it('gives what it finds, as find does', async () => {
      const { store } = tested();
      await acceptSome();
      const { events } = await store.list({ limit: 9 });
      await expect(Promise.all(events.map(({ id }) => store.find(id)))).resolves.toEqual(events);
      expect(events.map(({ state }) => state)).toEqual([
        'queued',
        'queued',
        'running',
        'failed',
        'dead',
        'succeeded',
      ]);
    });

    it('goes on page by page, whatever comes meanwhile, until there is no more', async () => {
      const { store } = tested();
      await acceptSome();
      const pages: string[][] = [];
      const functionIds = ['f-hello', 'f-other'];
      let before: number | undefined;
      for (let more = true; more;) {
        const page: Awaited<ReturnType<typeof store.list>> = await store.list({
          limit: 2,
          functionIds,
          ...(before === undefined ? {} : { before }),
        });
        pages.push(page.events.map(({ id }) => id));
        await store.accept(
          acceptance(`later-${pages.length}`, { request: { ...eventRequest, body: new Uint8Array() } }),
        );
        before = page.next ?? undefined;
        more = page.next !== null;
      }
      expect(pages).toEqual([
        ['other', 'queued'],
        ['running', 'failed'],
        ['dead', 'succeeded'],
      ]);
    });
  });

  describe('counting', () => {
    it('tells of each function what waits, runs and is dead, what came first and what is due next', async () => {
      const { store, clock } = tested();
      await acceptSome();
      clock.advance(50);
      const nothing = { running: 0, dead: 0 };
      await expect(store.depths()).resolves.toEqual([
        {
          functionId: 'f-hello',
          queued: 2,
          running: 1,
          dead: 1,
          oldestAcceptedAtMs: acceptedAtMs,
          nextDueMs: acceptedAtMs,
        },
        {
          functionId: 'f-other',
          queued: 1,
          ...nothing,
          oldestAcceptedAtMs: acceptedAtMs,
          nextDueMs: acceptedAtMs,
        },
      ]);
      await store.claim(claimQuery({ limit: 9 }));
      await store.claim(claimQuery({ functionId: 'f-other' }));
      await expect(store.depths()).resolves.toMatchObject([
        { functionId: 'f-hello', queued: 1, running: 2, nextDueMs: acceptedAtMs + 5000 },
        { functionId: 'f-other', queued: 0, running: 1, oldestAcceptedAtMs: null, nextDueMs: null },
      ]);
    });
  });
}

import { strangers } from '../../../src/common/auth/caller.js';
import { newRecord } from '../../../src/events/store/new-record.js';
import { acceptance, claimQuery, eventRequest, newEvent, settlement } from '../../support/builders/events.js';
import type { TestedStore } from './tested-store.js';

/** The request of an event with a body of so many bytes. */
const requestOf = (bytes: number) => ({ request: { ...eventRequest, body: new Uint8Array(bytes) } });

/** Events come in, within their limits. */
export function acceptingContract(tested: () => TestedStore): void {
  describe('accepting', () => {
    const accept = (...[id, fields]: Parameters<typeof acceptance>) =>
      tested().store.accept(acceptance(id, fields));

    it('has nothing at first', async () => {
      const { store } = tested();
      await expect(store.find('a')).resolves.toBeUndefined();
      await expect(store.result('a')).resolves.toBeUndefined();
      await expect(store.list({ limit: 9 })).resolves.toEqual({ events: [], next: null });
      await expect(store.claim(claimQuery())).resolves.toEqual([]);
      await expect(store.depths()).resolves.toEqual([]);
      await expect(store.queuedBytes()).resolves.toBe(0);
    });

    it('gives back exactly what came, byte for byte', async () => {
      const { store } = tested();
      const body = Uint8Array.from({ length: 256 }, (_, index) => index);
      const presentation = {
        ...eventRequest.presentation,
        method: 'PUT',
        rawPath: '/ü/%00',
        rawQueryString: '',
      };
      const source = { kind: 'schedule', schedule: 'nightly', dueMs: 7, manual: false } as const;
      const event = newEvent('a', {
        request: { presentation, body: body.subarray(250), traceparent: null },
        source,
        keyId: null,
        orderingKey: 'k',
        depth: 3,
      });
      await expect(store.accept({ event, maxQueued: 1, idempotency: null, firing: null })).resolves.toEqual({
        kind: 'accepted',
      });
      await expect(store.find('a')).resolves.toEqual(newRecord(event));
      await expect(store.find('a')).resolves.toMatchObject({
        method: 'PUT',
        path: '/ü/%00',
        requestBytes: 6,
      });
      const [claimed] = await store.claim(claimQuery());
      expect(Buffer.from(claimed?.request.body ?? [])).toEqual(Buffer.from(body.subarray(250)));
      expect(claimed?.request).toMatchObject({ presentation, traceparent: null });
      expect(claimed).toMatchObject({ source, keyId: null, orderingKey: 'k', depth: 3 });
    });

    it('takes an event that comes again for the one that is there', async () => {
      const { store } = tested();
      await accept('a');
      await expect(accept('a', { maxQueued: 1 })).resolves.toEqual({ kind: 'accepted' });
      expect((await store.list({ limit: 9 })).events).toHaveLength(1);
    });

    it('lets as many of a function wait as it may, those that failed among them and those that run not', async () => {
      const { store } = tested();
      await accept('a', { maxQueued: 2 });
      await accept('b', { maxQueued: 2 });
      const full = { kind: 'full', limit: 'events', queued: 2 };
      await expect(accept('c', { maxQueued: 2 })).resolves.toEqual(full);
      await expect(store.find('c')).resolves.toBeUndefined();
      await expect(accept('d', { functionId: 'f-other', maxQueued: 2 })).resolves.toEqual({
        kind: 'accepted',
      });
      const [claimed] = await store.claim(claimQuery());
      await expect(accept('c', { maxQueued: 2 })).resolves.toEqual({ kind: 'accepted' });
      await store.settle(settlement(claimed!, { next: { state: 'failed', dueMs: 1e15 } }));
      await expect(accept('e', { maxQueued: 3 })).resolves.toEqual({ ...full, queued: 3 });
    });

    it('lets as many bytes of requests wait or run as the server may hold', async () => {
      const { store } = tested();
      await accept('a', requestOf(30));
      await accept('b', { ...requestOf(10), functionId: 'f-other' });
      const full = { kind: 'full', limit: 'server-bytes', queued: 1 };
      await expect(accept('c', requestOf(1))).resolves.toEqual(full);
      await expect(accept('empty', requestOf(0))).resolves.toEqual({ kind: 'accepted' });
      await expect(store.queuedBytes()).resolves.toBe(40);
      const [claimed] = await store.claim(claimQuery());
      await expect(store.queuedBytes()).resolves.toBe(40);
      await store.settle(settlement(claimed!));
      await expect(store.queuedBytes()).resolves.toBe(10);
      await expect(accept('c', requestOf(30))).resolves.toEqual({ kind: 'accepted' });
    });

    it('lets one function have a share of these bytes, though a single request may be larger', async () => {
      const { store } = tested();
      await accept('large', requestOf(40));
      await store.delete('large');
      await accept('a', requestOf(30));
      const full = { kind: 'full', limit: 'bytes', queued: 1 };
      await expect(accept('b', requestOf(3))).resolves.toEqual(full);
      await expect(accept('b', requestOf(2))).resolves.toEqual({ kind: 'accepted' });
      await expect(accept('c', { ...requestOf(8), functionId: 'f-other' })).resolves.toEqual({
        kind: 'accepted',
      });
    });

    it('keeps room in each queue for callers with a key, whatever strangers send', async () => {
      const { store } = tested();
      const stranger = { keyId: strangers, maxQueued: 4 };
      await accept('a', { ...stranger, ...requestOf(1) });
      await accept('b', { ...stranger, ...requestOf(1) });
      const full = { kind: 'full', limit: 'strangers', queued: 2 };
      await expect(accept('c', { ...stranger, ...requestOf(1) })).resolves.toEqual(full);
      await expect(accept('d', { ...stranger, functionId: 'f-other' })).resolves.toEqual({
        kind: 'accepted',
      });
      await expect(accept('e', { maxQueued: 4 })).resolves.toEqual({ kind: 'accepted' });
      // One that runs waits no more, but its request is held.
      const [claimed] = await store.claim(claimQuery());
      await expect(accept('f', { ...stranger, ...requestOf(15) })).resolves.toEqual(full);
      await expect(accept('f', { ...stranger, ...requestOf(14) })).resolves.toEqual({ kind: 'accepted' });
      await store.delete('b');
      await store.settle(settlement(claimed!));
      await expect(accept('g', { ...stranger, ...requestOf(2) })).resolves.toEqual({ kind: 'accepted' });
    });

    it('accepts many at once in the order in which they came', async () => {
      const { store } = tested();
      const ids = Array.from({ length: 9 }, (_, index) => `e-${index}`);
      const fields = { orderingKey: null, request: { ...eventRequest, body: new Uint8Array(1) } };
      await Promise.all(ids.map((id) => accept(id, fields)));
      const claimed = await store.claim(claimQuery({ limit: 9 }));
      expect(claimed.map(({ id }) => id)).toEqual(ids);
    });
  });
}

import { deletionOf } from '../../functions/change-feed.js';
import { parseFunctionName } from '../../functions/function-name.js';
import {
  acceptance,
  type AcceptanceFields,
  claimQuery,
  death,
  eventResult,
  failure,
  settlement,
} from '../../../test/support/builders/events.js';
import { startEventsServer, type EventsServer } from '../../../test/support/events-server.js';
import { eventually } from '../../../test/support/eventually.js';

const idOf = (number: number) => `0197f2c4-1c2e-7a53-9d1e-${String(number).padStart(12, '0')}`;
const [first, second, third] = [idOf(1), idOf(2), idOf(3)] as const;

let server: EventsServer;
beforeEach(async () => {
  server = await startEventsServer(['hello', 'mail']);
});
afterEach(async () => {
  server.waiting.close();
  await server.application.close();
});

interface Asked {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Asked> {
  const response = await fetch(server.url + path, { method, headers, ...(signal && { signal }) });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function accept(id: string, fields: AcceptanceFields = {}): Promise<void> {
  await server.store.accept(acceptance(id, fields));
}

const ofMail = { functionId: 'f-mail', functionName: parseFunctionName('mail') };

async function claim(functionId = 'f-hello') {
  const [claimed] = await server.store.claim(claimQuery({ functionId }));
  if (!claimed) throw new Error('Nothing was due.');
  return claimed;
}

const idsIn = ({ body }: Asked) => (body['events'] as { readonly id: string }[]).map(({ id }) => id);

describe('one event', () => {
  it('is shown whole while it waits', async () => {
    await accept(first, { orderingKey: 'customer-7' });
    expect(await ask('GET', `/events/${first}`)).toEqual({
      status: 200,
      body: {
        id: first,
        function: 'hello',
        state: 'queued',
        source: { kind: 'http' },
        acceptedAt: '2026-01-01T00:00:00.000Z',
        endedAt: null,
        expiresAt: '2026-01-01T06:00:00.000Z',
        nextAttemptAt: '2026-01-01T00:00:00.000Z',
        orderingKey: 'customer-7',
        depth: 0,
        request: { method: 'POST', path: expect.any(String) as string, bytes: 4 },
        attempts: [],
        attemptCount: 0,
        result: null,
        followUp: null,
      },
    });
  });

  it('is shown with its attempts and its result once it has succeeded', async () => {
    await accept(first);
    await server.store.settle(settlement(await claim()));
    expect((await ask('GET', `/events/${first.toUpperCase()}`)).body).toMatchObject({
      state: 'succeeded',
      attempts: [{ number: 1, outcome: 'success', code: null, message: null }],
      attemptCount: 1,
      result: {
        status: 200,
        headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] },
        body: 'hi',
        isBase64Encoded: false,
        bytes: 2,
      },
    });
  });

  it.each([
    ['bytes that are no text', new Uint8Array([255, 0]), { body: '/wA=', isBase64Encoded: true }],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf]), { body: '\ufeff', isBase64Encoded: false }],
    ['nothing', new Uint8Array(), { body: '', isBase64Encoded: false }],
    ['more than is kept', null, { body: null, isBase64Encoded: false }],
  ])('has a result byte for byte: %s', async (_, body, shown) => {
    await accept(first);
    await server.store.settle(settlement(await claim(), { result: { ...eventResult, body } }));
    expect((await ask('GET', `/events/${first}`)).body['result']).toMatchObject(shown);
  });

  it.each([
    ['functions:read', false],
    ['functions:read,functions:invoke', true],
    ['functions:read,logs:read', true],
  ])('shows its result to who may call it or sees its output: %s', async (scopes, isShown) => {
    await accept(first);
    await server.store.settle(settlement(await claim()));
    const { body } = await ask('GET', `/events/${first}`, { 'x-test-scopes': scopes });
    expect('result' in body).toBe(isShown);
    expect(body['id']).toBe(first);
  });

  it('says what its source was', async () => {
    const source = { kind: 'schedule', schedule: 'nightly', dueMs: 0, manual: false } as const;
    await accept(first, { source });
    await accept(second, { source: { kind: 'event', eventId: first, outcome: 'failure' } });
    expect((await ask('GET', `/events/${first}`)).body['source']).toEqual({
      kind: 'schedule',
      schedule: 'nightly',
      dueAt: '1970-01-01T00:00:00.000Z',
      manual: false,
    });
    expect((await ask('GET', `/events/${second}`)).body['source']).toEqual({
      kind: 'event',
      eventId: first,
      outcome: 'failure',
    });
  });

  it('is not there, in the same words, where it never was, is out of reach, or its function is gone', async () => {
    await accept(first);
    const missing = {
      status: 418,
      body: {
        code: 'EVENT_NOT_FOUND',
        detail: 'There is no such event: check the id; events that have ended are kept for a limited time.',
      },
    };
    expect(await ask('GET', `/events/${second}`)).toEqual(missing);
    expect(await ask('GET', '/events/..%2f..%2fetc')).toEqual(missing);
    for (const [method, path] of [
      ['GET', `/events/${first}`],
      ['DELETE', `/events/${first}`],
      ['POST', `/events/${first}/retry`],
    ] as const)
      expect(await ask(method, path, { 'x-test-reach': 'mail' })).toEqual(missing);
    server.registry.apply(deletionOf(server.registry.get(parseFunctionName('hello'))));
    expect(await ask('GET', `/events/${first}`)).toEqual(missing);
    expect(idsIn(await ask('GET', '/events'))).toEqual([]);
  });
});

describe('a list of events', () => {
  it('has the newest first, page by page', async () => {
    for (const id of [first, second, third]) await accept(id);
    const page = await ask('GET', '/events?limit=2');
    expect(idsIn(page)).toEqual([third, second]);
    const next = await ask('GET', `/events?limit=2&cursor=${String(page.body['cursor'])}`);
    expect([idsIn(next), next.body['cursor']]).toEqual([[first], null]);
  });

  it('has those of a function, and of several states, without their results', async () => {
    await accept(first);
    await server.store.settle(death(await claim()));
    await accept(second);
    await accept(third, ofMail);
    expect(idsIn(await ask('GET', '/events?function=hello'))).toEqual([second, first]);
    expect(idsIn(await ask('GET', '/events?state=dead'))).toEqual([first]);
    expect(idsIn(await ask('GET', '/events?state=dead,queued'))).toEqual([third, second, first]);
    const { body } = await ask('GET', '/events');
    expect((body['events'] as object[]).some((event) => 'result' in event)).toBe(false);
  });

  it('has only what is within the reach of the key', async () => {
    await accept(first);
    await accept(second, ofMail);
    expect(idsIn(await ask('GET', '/events', { 'x-test-reach': 'm*' }))).toEqual([second]);
    const denied = await ask('GET', '/events?function=hello', { 'x-test-reach': 'm*' });
    expect(denied.body['code']).toBe('FORBIDDEN');
  });
});

describe('trying again', () => {
  it('makes a dead event due at once, tells who dispatches, and is audited', async () => {
    const due: string[] = [];
    server.feed.onDue((functionId) => due.push(functionId));
    await accept(first);
    await server.store.settle(death(await claim()));
    expect((await ask('POST', `/events/${first}/retry`)).body).toMatchObject({
      state: 'queued',
      attemptCount: 1,
      endedAt: null,
    });
    expect(due).toEqual(['f-hello']);
    expect(server.trail.entries).toMatchObject([
      { action: 'event.retry', target: first, outcome: 'begun' },
      { action: 'event.retry', target: first, outcome: 'done' },
    ]);
  });

  it('is refused of one that runs or has succeeded', async () => {
    await accept(first);
    const claimed = await claim();
    const refusalOf = async () => (await ask('POST', `/events/${first}/retry`)).body;
    expect(await refusalOf()).toEqual({
      code: 'EVENT_NOT_WAITING',
      detail: 'The event is running; it can be tried again once it is dead.',
    });
    await server.store.settle(settlement(claimed));
    expect(await refusalOf()).toEqual({
      code: 'EVENT_NOT_WAITING',
      detail: 'The event has succeeded; to run it again, send its request as a new event.',
    });
  });

  it('can be for many at once: dead ones of a function, or those of other states', async () => {
    await accept(first);
    await server.store.settle(death(await claim()));
    await accept(second);
    await server.store.settle(failure(await claim(), Date.UTC(2026, 0, 2)));
    await accept(third, ofMail);
    await server.store.settle(death(await claim('f-mail')));
    const retry = async (query: string) => (await ask('POST', `/events/retry${query}`)).body;
    expect(await retry('?function=hello')).toEqual({ retried: 1, more: false });
    expect(await retry('?function=hello&state=failed,dead')).toEqual({ retried: 1, more: false });
    expect(await retry('')).toEqual({ retried: 1, more: false });
    expect(await retry('')).toEqual({ retried: 0, more: false });
  });

  it('is done for a thousand at a time', async () => {
    for (let number = 1; number <= 1001; number += 1) {
      await accept(idOf(number));
      await server.store.settle(death(await claim()));
    }
    expect((await ask('POST', '/events/retry')).body).toEqual({ retried: 1000, more: true });
    expect((await ask('POST', '/events/retry')).body).toEqual({ retried: 1, more: false });
  });
});

describe('deleting', () => {
  it('removes an event, whatever its state, and is audited', async () => {
    await accept(first);
    await claim();
    expect((await ask('DELETE', `/events/${first}`)).status).toBe(204);
    expect((await ask('GET', `/events/${first}`)).body['code']).toBe('EVENT_NOT_FOUND');
    expect(server.trail.entries).toMatchObject([
      { action: 'event.delete', target: first, outcome: 'begun' },
      { action: 'event.delete', target: first, outcome: 'done' },
    ]);
  });

  it('can be for many of one function that do not run', async () => {
    await accept(first);
    await server.store.settle(death(await claim()));
    await accept(second);
    await accept(third, ofMail);
    expect((await ask('DELETE', '/events?function=hello&state=dead,failed')).body).toEqual({
      deleted: 1,
      more: false,
    });
    expect(idsIn(await ask('GET', '/events'))).toEqual([third, second]);
    expect(server.trail.entries.at(-1)).toMatchObject({ action: 'event.purge', target: 'hello' });
    const denied = await ask('DELETE', '/events?function=hello&state=dead', { 'x-test-reach': 'mail' });
    expect(denied.body['code']).toBe('FORBIDDEN');
  });

  it('of many names the function and the states', async () => {
    expect((await ask('DELETE', '/events')).body['code']).toBe('MALFORMED_REQUEST');
    expect((await ask('DELETE', '/events?state=dead')).body['detail']).toBe(
      'function must be the name of a function.',
    );
  });
});

/** The requests that wait have begun to listen for the end of their event. */
function waiting(count: number): Promise<unknown> {
  return eventually(`${count} waiting`, () => server.clock.pendingTimers >= count || undefined);
}

describe('waiting for the end of an event', () => {
  it('ends as soon as it has ended', async () => {
    await accept(first);
    const claimed = await claim();
    const asked = ask('GET', `/events/${first}?wait=60`);
    await waiting(1);
    await server.store.settle(settlement(claimed));
    server.feed.ended(first);
    expect((await asked).body).toMatchObject({ state: 'succeeded', result: { body: 'hi' } });
  });

  it('does not begin where it has ended, or is not to be', async () => {
    await accept(first);
    expect((await ask('GET', `/events/${first}?wait=0`)).body['state']).toBe('queued');
    await server.store.settle(death(await claim()));
    expect((await ask('GET', `/events/${first}?wait=60`)).body['state']).toBe('dead');
    expect((await ask('GET', `/events/${second}?wait=60`)).body['code']).toBe('EVENT_NOT_FOUND');
  });

  it('ends with the event as it is when the time has passed', async () => {
    await accept(first);
    const asked = ask('GET', `/events/${first}?wait=20`);
    await waiting(1);
    server.clock.advance(20_000);
    expect((await asked).body['state']).toBe('queued');
  });

  it('ends with the event as it is when the server stops', async () => {
    await accept(first);
    const asked = ask('GET', `/events/${first}?wait=60`);
    await waiting(1);
    server.waiting.close();
    expect((await asked).body['state']).toBe('queued');
    expect((await ask('GET', `/events/${first}?wait=60`)).body['state']).toBe('queued');
  });

  it('ends when the event is deleted', async () => {
    await accept(first);
    const asked = ask('GET', `/events/${first}?wait=60`);
    await waiting(1);
    await ask('DELETE', `/events/${first}`);
    expect((await asked).body['code']).toBe('EVENT_NOT_FOUND');
  });

  it('ends when the key is revoked', async () => {
    await accept(first);
    const asked = ask('GET', `/events/${first}?wait=60`);
    await waiting(1);
    server.access.loss = 'revoked';
    server.clock.advance(500);
    expect((await asked).body).toEqual({
      code: 'UNAUTHENTICATED',
      detail: 'The key is no longer valid; use another one.',
    });
  });

  it('is for so many at a time, and one who leaves gives the place to another', async () => {
    await accept(first);
    const leaving = new AbortController();
    const left = ask('GET', `/events/${first}?wait=60`, {}, leaving.signal).catch(() => 'left');
    await waiting(1);
    const refused = await ask('GET', `/events/${first}?wait=60`);
    expect(refused.body).toEqual({
      code: 'RATE_LIMITED',
      detail: 'Your key waits for as many events as it may; ask without wait.',
    });
    leaving.abort();
    expect(await left).toBe('left');
    await eventually('nobody waiting', () => server.clock.pendingTimers === 0 || undefined);
    const asked = ask('GET', `/events/${first}?wait=60`);
    await waiting(1);
    server.feed.ended(first);
    expect((await asked).status).toBe(200);
  });
});

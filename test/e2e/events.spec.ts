import { jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip } from '../support/zip.js';

jest.setTimeout(patientlyMs);

interface ShownEvent {
  readonly id: string;
  readonly state: string;
  readonly depth: number;
  readonly attempts: readonly {
    readonly outcome: string;
    readonly code: string;
    readonly invocationId: string;
  }[];
  readonly attemptCount: number;
  readonly result: { readonly status: number; readonly body: string } | null;
  readonly followUp: { readonly eventId: string | null; readonly refusal: string | null } | null;
}

const warm = { isolation: 'warm', maxContainers: 1 } as const;

let served: Served;
let latch: Latch;
beforeAll(async () => {
  latch = await Latch.closed();
  served = await Served.start(reachesLatch);
}, patientlyMs);
afterAll(async () => {
  await latch.remove();
  await served.expectCleanEnd();
}, patientlyMs);

/** Hands work over, and gives the id of its event. */
async function hand(name: string, body = '', headers: Record<string, string> = {}): Promise<string> {
  const answer = await served.invoke(name, body, { prefer: 'respond-async', ...headers });
  const { id } = answer.json as { id: string };
  expect([answer.status, answer.headers.get('location')]).toEqual([202, `/events/${id}`]);
  return id;
}

async function event(id: string, query = ''): Promise<ShownEvent> {
  return (await served.get(`/events/${id}${query}`)).json as ShownEvent;
}

/** The event once it has ended. */
function ended(id: string): Promise<ShownEvent> {
  return eventually(`the end of event ${id}`, async () => {
    const shown = await event(id, '?wait=20');
    return ['succeeded', 'dead'].includes(shown.state) && shown;
  });
}

describe('an event', () => {
  it('runs with the whole request, knows its id and its attempt, and keeps what was answered', async () => {
    const handler = handlerZip(`async (event) => ({
      statusCode: 418,
      body: [event.body, event.rawPath, event.headers['x-glambdar-event-id'], event.headers['x-glambdar-attempt']].join(' '),
    })`);
    await served.deploy('tells', handler, { responseFormat: 'lambda', ...warm });
    const id = await hand('tells/some/path', 'hello', { 'x-glambdar-attempt': '7' });
    const shown = await ended(id);
    expect(shown).toMatchObject({
      state: 'succeeded',
      attempts: [{ outcome: 'success' }],
      result: { status: 418, body: `hello /some/path ${id} 1` },
    });
    const record = await served.get(`/invocations/${shown.attempts[0]?.invocationId ?? ''}`);
    expect(record.json).toMatchObject({ function: 'tells', trigger: { kind: 'event', eventId: id } });
  });

  it('that fails is tried again, is dead after the last attempt, tells another function, and can be tried anew', async () => {
    await served.deploy('sink', handlerZip('async (event) => JSON.parse(event.body)'), warm);
    const thrower = handlerZip(
      `async (event) => { throw new Error('no ' + event.headers['x-glambdar-attempt']); }`,
    );
    await served.deploy('thrower', thrower, { ...warm, retry: { maxAttempts: 2 }, onFailure: 'sink' });
    const dead = await ended(await hand('thrower', 'work'));
    expect(dead).toMatchObject({
      state: 'dead',
      attempts: [{ code: 'FUNCTION_ERROR' }, { code: 'FUNCTION_ERROR' }],
      result: null,
    });
    const told = await ended(dead.followUp?.eventId ?? '');
    expect(JSON.parse(told.result?.body ?? '')).toMatchObject({
      event: { id: dead.id, function: 'thrower' },
      outcome: 'failure',
      attempts: [{ outcome: 'function' }, { outcome: 'function' }],
      request: { method: 'POST', path: '/', body: 'work' },
      error: { code: 'FUNCTION_ERROR' },
    });
    await served.publish('thrower', handlerZip(`async () => 'fixed'`));
    expect((await served.send('POST', `/events/${dead.id}/retry`)).status).toBe(200);
    expect(await ended(dead.id)).toMatchObject({ state: 'succeeded', attemptCount: 3 });
  });

  it('that leads to itself ends after 16 that followed', async () => {
    await served.deploy('circle', handlerZip(`async () => 'again'`), { ...warm, onSuccess: 'circle' });
    let last = await ended(await hand('circle'));
    while (last.followUp?.eventId) last = await ended(last.followUp.eventId);
    expect(last.depth).toBe(16);
    expect(last.followUp?.refusal).toContain('lead in a circle');
  });

  it('of an ordering key runs after those that came before it', async () => {
    const counting = handlerZip(`async (event) => (globalThis.seen = (globalThis.seen ?? '') + event.body)`);
    await served.deploy('orders', counting, warm);
    const ids: string[] = [];
    for (const body of ['a', 'b', 'c', 'd', 'e'])
      ids.push(await hand('orders', body, { 'x-ordering-key': 'k' }));
    const seen = [];
    for (const id of ids) seen.push(JSON.parse((await ended(id)).result?.body ?? '""'));
    expect(seen).toEqual(['a', 'ab', 'abc', 'abcd', 'abcde']);
  });

  it('goes with its function, and a new function of the same name gets none of it', async () => {
    await served.deploy('leaves', handlerZip(`async () => 'old'`), { maxConcurrency: 0 });
    const id = await hand('leaves');
    expect(await event(id)).toMatchObject({ state: 'queued' });
    await served.delete('leaves');
    await served.deploy('leaves', handlerZip(`async () => 'new'`), warm);
    expect((await served.get(`/events/${id}`)).status).toBe(404);
    expect((await served.get('/events?function=leaves')).json).toMatchObject({ events: [] });
  });
});

describe('accepted events', () => {
  it('run after a kill -9, and after a stop in order, which gives those that run their time', async () => {
    const waits = handlerZip(`async (event) => { await ${latch.opened}; return event.body; }`);
    await served.deploy('waits', waits, { egress: latch.egress, maxConcurrency: 2 });
    const ids: string[] = [];
    for (const body of ['1', '2', '3', '4', '5']) ids.push(await hand('waits', body));
    await latch.holds(1);
    await served.crash();
    served = await Served.start(reachesLatch, served.directory);
    await latch.holds(1);
    served.signal('SIGTERM');
    await served.logged('shutting down');
    latch.open();
    expect((await served.ended).exitCode).toBe(0);
    served = await Served.start(reachesLatch, served.directory);
    for (const [index, id] of ids.entries()) {
      const { state, result } = await ended(id);
      expect([state, result?.body]).toEqual(['succeeded', `"${index + 1}"`]);
    }
    const { attempts } = await event(String(ids[0]));
    expect(attempts[0]).toMatchObject({ outcome: 'platform', code: 'INTERNAL' });
    expect(attempts.at(-1)).toMatchObject({ outcome: 'success' });
  });
});

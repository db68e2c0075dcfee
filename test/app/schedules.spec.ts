import { startApp, type ListeningApp } from '../support/app.js';
import { AuditStore } from '../../src/auth/store/auth-stores.js';
import { deployedFunction } from '../support/builders/functions.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { FunctionEvents } from '../../src/functions/function-events.js';
import { FunctionStore } from '../../src/functions/store/function-store.js';
import { eventually } from '../support/eventually.js';
import { changeTo } from '../../src/functions/change-feed.js';

/** The routes of schedules in the whole server: the settings are in its database, and the events in theirs. */

let served: ListeningApp;
beforeAll(async () => {
  served = await startApp({
    GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock',
    GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  });
  for (const name of ['report', 'alert']) {
    const deployed = deployedFunction({ name, settings: { maxConcurrency: 0 } });
    await served.app.get(FunctionStore).insert(deployed);
    served.app.get(FunctionRegistry).apply(changeTo(deployed));
    served.app.get(FunctionEvents).deployed(deployed);
  }
});
afterAll(() => served.close());

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(served.url + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

const yearly = { cron: '0 0 1 1 *', timeZone: 'Europe/Berlin', payload: { a: null } };

describe('a schedule over HTTP', () => {
  it('is new, then changed, and shown with its next five times', async () => {
    const made = await ask('PUT', '/schedules/report/yearly', yearly);
    expect([made.status, made.json]).toEqual([
      201,
      {
        ...{ function: 'report', name: 'yearly', ...yearly, enabled: true, missed: 'skip', last: null },
        next: expect.arrayContaining([expect.stringMatching(/-12-31T23:00:00\.000Z$/)]) as unknown,
      },
    ]);
    expect(made.json['next']).toHaveLength(5);
    const changed = await ask('PUT', '/schedules/report/yearly', { every: '10m', missed: 'run-once' });
    expect([changed.status, changed.json]).toMatchObject([200, { every: '10m', missed: 'run-once' }]);
    expect(Object.keys(changed.json)).not.toContain('payload');
    const shown = await ask('GET', '/schedules/report/yearly');
    expect([shown.status, shown.json['every'], shown.headers.get('etag')]).toEqual([
      200,
      '10m',
      changed.headers.get('etag'),
    ]);
    expect((await ask('GET', '/settings/report')).json['schedules']).toEqual({
      yearly: { every: '10m', missed: 'run-once' },
    });
  });

  it('is left as it is where the function has changed since it was read', async () => {
    const { headers } = await ask('PUT', '/schedules/report/guarded', { every: '1h' });
    const etag = headers.get('etag') ?? '';
    const match = { 'if-match': etag };
    expect((await ask('PUT', '/schedules/report/guarded', { every: '2h' }, match)).status).toBe(200);
    expect((await ask('PUT', '/schedules/report/guarded', { every: '3h' }, match)).json['code']).toBe(
      'REVISION_CHANGED',
    );
    expect((await ask('DELETE', '/schedules/report/guarded', undefined, match)).json['code']).toBe(
      'REVISION_CHANGED',
    );
    expect((await ask('GET', '/schedules/report/guarded')).json['every']).toBe('2h');
  });

  it('is deleted once', async () => {
    await ask('PUT', '/schedules/report/gone', { every: '1h' });
    expect((await ask('DELETE', '/schedules/report/gone')).status).toBe(204);
    for (const [method, path] of [
      ['DELETE', ''],
      ['GET', ''],
      ['POST', '/run'],
    ])
      expect((await ask(String(method), `/schedules/report/gone${path}`)).json).toMatchObject({
        status: 404,
        code: 'SCHEDULE_NOT_FOUND',
        field: 'schedule',
      });
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'is not there, nor breaks anything, called %s',
    async (name) => {
      expect((await ask('GET', `/schedules/report/${name}`)).json['code']).toMatch(
        /SCHEDULE_NOT_FOUND|INVALID_SETTINGS/,
      );
    },
  );

  it.each([
    [{ cron: '0 25 * * *' }, 'cron', 'cron has the hour "25", which must be *, or values from 0 to 23'],
    [{ cron: '0 0 30 2 *' }, 'cron', 'cron must name a time that comes; "0 0 30 2 *" never does.'],
    [
      { cron: '0 3 * * *', timeZone: 'Europe/Bärlin' },
      'timeZone',
      'timeZone must be the name of a time zone',
    ],
    [
      { cron: '0 3 * * *', timeZone: 'Europe/Berlim' },
      'timeZone',
      'timeZone must be the name of a time zone',
    ],
    [{ every: '1h', timeZone: 'UTC' }, 'timeZone', 'timeZone must be left out with every'],
    [{ every: '1h', cron: '* * * * *' }, 'cron', 'A schedule must have one of cron and every.'],
    [{}, 'cron', 'A schedule must have one of cron and every.'],
  ])('is refused as %j, with the field and the rule', async (body, field, sentence) => {
    const { json } = await ask('PUT', '/schedules/report/wrong', body);
    expect(json).toMatchObject({ status: 400, code: 'INVALID_SETTINGS', field });
    expect(json['detail']).toContain(sentence);
    expect((await ask('GET', '/schedules/report/wrong')).status).toBe(404);
  });

  it('runs by hand, also while it is disabled, and its own times stay as they are', async () => {
    await ask('PUT', '/schedules/alert/off', { ...yearly, enabled: false });
    const ran = await ask('POST', '/schedules/alert/off/run');
    expect([ran.status, ran.json]).toEqual([202, { id: expect.any(String) as string, state: 'queued' }]);
    const event = await ask('GET', ran.headers.get('location') ?? '');
    expect(event.json).toMatchObject({
      function: 'alert',
      source: { kind: 'schedule', schedule: 'off', manual: true },
      request: { method: 'POST', bytes: 10 },
    });
    expect((await ask('GET', '/schedules/alert/off')).json).toMatchObject({ next: [], last: null });
  });

  it('is in the audit log with what was done to it', async () => {
    const entries = await served.app.get(AuditStore).after(0, 1000);
    const done = entries.filter(({ target, outcome }) => target === 'alert/off' && outcome === 'done');
    expect(done.map(({ action }) => action)).toEqual(['schedule.set', 'schedule.run']);
  });
});

describe('the list of schedules', () => {
  it('is in the order of names, page by page, of all functions or of one', async () => {
    for (const name of ['b', 'a']) await ask('PUT', `/schedules/alert/${name}`, { every: '1h' });
    const all = (await ask('GET', '/schedules')).json['schedules'] as { function: string; name: string }[];
    const names = all.map((each) => `${each.function}/${each.name}`);
    expect(names.slice(0, 3)).toEqual(['alert/a', 'alert/b', 'alert/off']);
    expect(names).toEqual([...names].sort());
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const { json } = await ask('GET', `/schedules?limit=2${cursor}`);
      paged.push(...(json['schedules'] as typeof all).map((each) => `${each.function}/${each.name}`));
      if (json['cursor'] === null) break;
      cursor = `&cursor=${json['cursor'] as string}`;
    }
    expect(paged).toEqual(names);
    const own = await ask('GET', '/schedules?function=alert');
    expect(own.json['schedules']).toHaveLength(3);
    expect((await ask('GET', '/schedules?function=nobody')).json['code']).toBe('FUNCTION_NOT_FOUND');
  });
});

describe('a schedule of the whole server', () => {
  it('fires by the second, within a second, and says what came of it', async () => {
    await ask('PUT', '/schedules/alert/often', { cron: '* * * * * *' });
    const last = await eventually('the schedule has fired', async () => {
      const { json } = await ask('GET', '/schedules/alert/often');
      return (json['last'] as { readonly eventId: string } | null) ?? undefined;
    });
    const event = await ask('GET', `/events/${last.eventId}`);
    expect(event.json['source']).toMatchObject({ kind: 'schedule', schedule: 'often', manual: false });
    const metrics = await fetch(`${served.url}/metrics`).then((response) => response.text());
    expect(metrics).toMatch(/glambdar_schedule_firings_total\{outcome="fired"\} [1-9]/);
    expect(metrics).toMatch(/glambdar_schedule_lateness_seconds_count [1-9]/);
  });
});

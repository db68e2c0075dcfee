import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { personsEnvironment, runGlambdar } from '../support/glambdar.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip } from '../support/zip.js';

jest.setTimeout(patientlyMs);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** Answers what it was called with. */
const mirror = handlerZip(
  `({ rawPath, headers, body, requestContext }) => ({
    method: requestContext.http.method,
    path: rawPath,
    body,
    schedule: headers['x-glambdar-schedule'],
    due: headers['x-glambdar-scheduled-time'],
  })`,
);

interface ShownSchedule {
  readonly name: string;
  readonly next: readonly string[];
  readonly last: { readonly dueAt: string; readonly eventId: string | null } | null;
}

interface ShownEvent {
  readonly id: string;
  readonly state: string;
  readonly acceptedAt: string;
  readonly source: { readonly kind: string; readonly dueAt: string; readonly manual: boolean };
  readonly result: { readonly status: number; readonly body: string };
}

/** What a command of the page prints, said to this server. */
async function pasted(command: string): Promise<string> {
  const here = command.replaceAll('http://127.0.0.1:8000', served.url).replace('curl ', 'curl -sS ');
  return (await promisify(execFile)('sh', ['-e', '-c', here])).stdout;
}

const json = { 'content-type': 'application/json' };

const put = (path: string, value: object) =>
  served.send('PUT', `/schedules/${path}`, { body: JSON.stringify(value), headers: json });

const scheduleOf = async (path: string) => (await served.get(`/schedules/${path}`)).json as ShownSchedule;

async function schedulesOf(name: string): Promise<readonly ShownSchedule[]> {
  const { schedules } = (await served.get(`/schedules?function=${name}`)).json as {
    schedules: ShownSchedule[];
  };
  return schedules;
}

/** The event once it has ended, which takes longer where the server was killed during an attempt. */
function ended(id: string): Promise<ShownEvent> {
  return eventually(`the end of event ${id}`, async () => {
    const event = (await served.get(`/events/${id}?wait=60`)).json as ShownEvent;
    return ['succeeded', 'dead'].includes(event.state) && event;
  });
}

/** The events that the clock has made, oldest first. */
async function firedOf(name: string): Promise<readonly ShownEvent[]> {
  const { events } = (await served.get(`/events?function=${name}&limit=100`)).json as {
    events: ShownEvent[];
  };
  return events.filter(({ source }) => !source.manual).reverse();
}

/** The last event of a schedule, once it is another than this one. */
function firing(path: string, after?: string): Promise<string> {
  return eventually(`an event of ${path}`, async () => {
    const { last } = await scheduleOf(path);
    return last?.eventId != null && last.eventId !== after && last.eventId;
  });
}

describe('a schedule', () => {
  it('in the settings of a deployment calls the function with its payload, and says which it is and when it was due', async () => {
    await served.deploy('ticking', mirror, {
      schedules: { 'each-second': { cron: '* * * * * *', payload: { report: ['sales', 7] } } },
    });
    const first = await firing('ticking/each-second');
    const event = await ended(first);
    expect(event).toMatchObject({
      state: 'succeeded',
      source: { kind: 'schedule', schedule: 'each-second', manual: false },
      result: { status: 200 },
    });
    expect(JSON.parse(event.result.body)).toEqual({
      method: 'POST',
      path: '/',
      body: '{"report":["sales",7]}',
      schedule: 'each-second',
      due: event.source.dueAt,
    });
    await firing('ticking/each-second', first);
    await served.delete('ticking');
  });

  it('runs by hand while it is disabled, and not otherwise', async () => {
    await served.deploy('manual', mirror);
    expect((await put('manual/each-second', { cron: '* * * * * *', enabled: false })).status).toBe(201);
    const ran = await served.send('POST', '/schedules/manual/each-second/run');
    expect([ran.status, ran.json]).toMatchObject([202, { state: 'queued' }]);
    const event = await ended((ran.json as ShownEvent).id);
    expect(event).toMatchObject({ state: 'succeeded', source: { kind: 'schedule', manual: true } });
    expect(await scheduleOf('manual/each-second')).toMatchObject({ enabled: false, next: [], last: null });
    expect(await firedOf('manual')).toEqual([]);
    await served.delete('manual');
  });

  it('changes without a cold call', async () => {
    await served.deploy('kept', mirror, { isolation: 'warm', maxContainers: 1 });
    expect((await served.invoke('kept', '{}')).status).toBe(200);
    for (const every of ['1h', '2h', '3h'])
      expect((await put('kept/rare', { every })).status).toBeLessThan(300);
    expect((await served.invoke('kept', '{}')).origin).toBe('warm');
    await served.delete('kept');
  });

  it('makes one event for each due time, also if the server is killed and starts again', async () => {
    await served.deploy('lasting', mirror, { schedules: { tick: { cron: '*/2 * * * * *' } } });
    let last = await firing('lasting/tick');
    let startsThatLeftOut = 0;
    for (let kill = 0; kill < 3; kill += 1) {
      await served.crash();
      served = await Served.start({}, served.directory);
      last = await firing('lasting/tick', last);
      startsThatLeftOut += served.log.filter(({ msg }) => msg.endsWith('that time is left out')).length;
    }
    last = await firing('lasting/tick', last);
    await put('lasting/tick', { cron: '*/2 * * * * *', enabled: false });
    const fired = await firedOf('lasting');
    const steps = fired.slice(1).map(({ source: { dueAt } }, index) => {
      return Date.parse(dueAt) - Date.parse(fired[index]?.source.dueAt ?? '');
    });
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.every((ms) => ms > 0 && ms % 2000 === 0)).toBe(true);
    // None, unless a start took longer than the minute that a due time may be late.
    expect(steps.filter((ms) => ms > 2000)).toHaveLength(startsThatLeftOut);
    expect(fired.every(({ acceptedAt, source }) => acceptedAt >= source.dueAt)).toBe(true);
    expect(await ended(last)).toMatchObject({ state: 'succeeded' });
    await served.delete('lasting');
  });

  it('stays with the function through a rollback, and goes with it', async () => {
    await served.deploy('changing', handlerZip('() => "one"'));
    await served.publish('changing', handlerZip('() => "two"'), { schedules: { tick: { every: '1s' } } });
    const before = await firing('changing/tick');
    expect((await served.rollBack('changing')).status).toBe(200);
    const after = await firing('changing/tick', before);
    expect(await schedulesOf('changing')).toMatchObject([{ name: 'tick', every: '1s' }]);
    const later = await firing('changing/tick', after);
    expect((await ended(later)).result.body).toBe('"one"');

    await served.delete('changing');
    expect((await served.get('/schedules/changing/tick')).status).toBe(404);
    await served.deploy('changing', handlerZip('() => "another"'));
    expect(await schedulesOf('changing')).toEqual([]);
    expect((await served.get('/schedules/changing/tick')).code).toBe('SCHEDULE_NOT_FOUND');
    await served.delete('changing');
  });
});

describe('docs/schedules.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile(new URL('../../docs/schedules.md', import.meta.url), 'utf8');
    await served.deploy('report', mirror);
  });
  afterAll(() => served.delete('report'));

  it('has commands that work as they are pasted', async () => {
    const [set = '', commands = ''] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code);
    const [list = '', show = '', run = '', forget = ''] = commands.trim().split('\n');
    const answerOf = async (command: string) => JSON.parse(await pasted(command)) as unknown;
    expect(await answerOf(set)).toMatchObject({
      name: 'nightly',
      next: Array<unknown>(5).fill(expect.any(String)),
    });
    expect(await answerOf(list)).toMatchObject({ schedules: [{ name: 'nightly' }] });
    expect(await answerOf(show)).toMatchObject({ payload: { report: 'sales' } });
    const { id } = (await answerOf(run)) as ShownEvent;
    expect(JSON.parse((await ended(id)).result.body)).toMatchObject({ body: '{"report":"sales"}' });
    expect(await pasted(forget)).toBe('');
    expect(await schedulesOf('report')).toEqual([]);
  });

  it('has a glambdar.json that `glambdar deploy` applies', async () => {
    const home = await mkdtemp(join(tmpdir(), 'schedules-'));
    try {
      const folder = join(home, 'planned');
      await mkdir(folder);
      await writeFile(join(folder, 'index.js'), 'exports.handler = () => 1;');
      await writeFile(join(folder, 'glambdar.json'), /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
      const ran = await runGlambdar(folder, personsEnvironment(served.url, home), ['deploy']);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await schedulesOf('planned')).toMatchObject([
        { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC' },
        { name: 'often', every: '10m' },
      ]);
    } finally {
      await served.delete('planned');
      await rm(home, { recursive: true, force: true });
    }
  });
});

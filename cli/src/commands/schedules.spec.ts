import { runCommand, type Given } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const schedule = {
  function: 'hello',
  name: 'nightly',
  cron: '0 3 * * *',
  timeZone: 'Europe/Berlin',
  payload: { full: false },
  enabled: true,
  missed: 'skip',
  next: ['2026-03-02T02:00:00.000Z', '2026-03-03T02:00:00.000Z'],
  last: { dueAt: '2026-03-01T02:00:00.000Z', eventId: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55' },
};
const route = '/schedules/hello/nightly';

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  return runCommand(['schedules', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}

describe('glambdar schedules', () => {
  it('lists what is called when, the disabled ones as such', async () => {
    const every = {
      ...schedule,
      name: 'poll',
      cron: undefined,
      every: '10m',
      timeZone: undefined,
      enabled: false,
    };
    server = await ScriptedServer.start({
      'GET /schedules': { body: { schedules: [schedule, every], cursor: null } },
    });
    expect((await run(['list', '--function', 'hello'])).stdout).toBe(
      'hello\tnightly\t0 3 * * * Europe/Berlin\t\t2026-03-02T02:00:00.000Z\t2026-03-01T02:00:00.000Z\n' +
        'hello\tpoll\tevery 10m\tdisabled\t2026-03-02T02:00:00.000Z\t2026-03-01T02:00:00.000Z\n',
    );
    expect(server.seen.map(({ path }) => path)).toEqual(['/schedules?function=hello']);
  });

  it('shows the next times of one', async () => {
    server = await ScriptedServer.start({ [`GET ${route}`]: { body: schedule } });
    expect((await run(['show', 'hello', 'nightly'])).stdout).toContain(
      'next\t2026-03-02T02:00:00.000Z\n\t2026-03-03T02:00:00.000Z\n',
    );
  });

  it('sets one, with JSON as it was given', async () => {
    server = await ScriptedServer.start({ [`PUT ${route}`]: { body: schedule } });
    const words = ['set', 'hello', 'nightly', '--cron', '0 3 * * *', '--time-zone', 'Europe/Berlin'];
    const { stdout } = await run([...words, '--data', '{"a":null}', '--missed', 'run-once', '--disabled']);
    expect(stdout).toBe('Set nightly of hello. It calls next at 2026-03-02T02:00:00.000Z.\n');
    expect(server.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        cron: '0 3 * * *',
        timeZone: 'Europe/Berlin',
        missed: 'run-once',
        payload: { a: null },
        enabled: false,
      },
    ]);
  });

  it.each([
    [['--data', '1'], 'Say when: with `--cron` or with `--every`'],
    [['--cron', '* * * * *', '--every', '10m'], 'Say when: with `--cron` or with `--every`'],
    [['--every', '10m', '--data', '{'], 'The data is not JSON.'],
  ])('refuses %j before anything is sent', async (options, message) => {
    server = await ScriptedServer.start({});
    const { exitCode, stderr } = await run(['set', 'hello', 'nightly', ...options]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(server.seen).toEqual([]);
  });

  it('calls now, and names the event', async () => {
    const { eventId } = schedule.last;
    server = await ScriptedServer.start({
      [`POST ${route}/run`]: { status: 202, body: { id: eventId, state: 'queued' } },
    });
    expect((await run(['run', 'hello', 'nightly'])).stdout).toContain(
      `glambdar events show ${eventId} --wait`,
    );
  });

  it('removes one only when that was confirmed', async () => {
    server = await ScriptedServer.start({ [`DELETE ${route}`]: { status: 204 } });
    expect((await run(['rm', 'hello', 'nightly'])).exitCode).toBe(2);
    expect((await run(['rm', 'hello', 'nightly', '--yes'])).stdout).toBe('Removed nightly of hello.\n');
  });
});

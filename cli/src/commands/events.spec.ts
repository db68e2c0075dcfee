import { runCommand, type Given } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const id = '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55';
const attempt = {
  number: 1,
  invocationId: '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a',
  startedAt: '2026-03-01T11:59:00.000Z',
  endedAt: '2026-03-01T11:59:00.250Z',
  outcome: 'function',
  code: 'FUNCTION_ERROR',
  message: 'The function threw \u001b[2J',
};
const event = {
  id,
  function: 'hello',
  state: 'dead',
  source: { kind: 'http' },
  acceptedAt: '2026-03-01T11:58:00.000Z',
  endedAt: '2026-03-01T11:59:00.250Z',
  expiresAt: '2026-03-01T17:58:00.000Z',
  nextAttemptAt: null,
  orderingKey: null,
  depth: 0,
  request: { method: 'POST', path: '/orders?full=1', bytes: 17 },
  attempts: [attempt],
  attemptCount: 1,
  result: { status: 500, headers: {}, body: 'no \u001b[2J', isBase64Encoded: false, bytes: 7 },
  followUp: null,
};

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  return runCommand(['events', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}

describe('glambdar events', () => {
  it('lists events by function and state, and says why the last attempt failed', async () => {
    server = await ScriptedServer.start({ 'GET /events': { body: { events: [event], cursor: null } } });
    const { stdout } = await run(['list', '--function', 'hello', '--state', 'dead', 'failed', '-n', '5']);
    expect(stdout).toBe(`${id}\thello\tdead\t2026-03-01T11:58:00.000Z\t1\tThe function threw \\u001b[2J\n`);
    expect(server.seen.map(({ path }) => decodeURIComponent(path))).toEqual([
      '/events?function=hello&limit=5&state=dead,failed',
    ]);
  });

  it('names the cursor of the next page to a person', async () => {
    server = await ScriptedServer.start({ 'GET /events': { body: { events: [event], cursor: 'abc' } } });
    const { stderr } = await run(['list'], { terminal: {} });
    expect(stderr).toBe('There are more: add `--cursor abc`.\n');
  });

  it('refuses a state that there is not', async () => {
    server = await ScriptedServer.start({});
    const { exitCode, stderr } = await run(['list', '--state', 'gone']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('queued, running, failed, succeeded, dead'),
    ]);
  });

  it('shows an event with its attempts and its answer, of which a terminal obeys nothing', async () => {
    server = await ScriptedServer.start({ [`GET /events/${id}`]: { body: event } });
    const { stdout } = await run(['show', id], { terminal: { columns: 120 } });
    expect(stdout).toContain('POST /orders?full=1, 17 B');
    expect(stdout).toMatch(/^1 .* 250 ms .* function .* The function threw \\u001b\[2J$/m);
    expect(stdout).toContain('no \\u001b[2J');
    expect(stdout).toContain(`glambdar logs hello --invocation ${attempt.invocationId}`);
    expect(stdout).not.toContain('\u001b[2J');
  });

  it('waits for the end by asking again, and fails where the event is dead', async () => {
    const answers = [{ ...event, state: 'running' }, { ...event, state: 'failed' }, event];
    server = await ScriptedServer.start(() => ({ body: answers.shift() }));
    const { exitCode, stderr } = await run(['show', id, '--wait']);
    expect(server.seen.map(({ path }) => path)).toEqual(
      Array.from({ length: 3 }, () => `/events/${id}?wait=20`),
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`glambdar events retry ${id}`)]);
  });

  it('retries one event', async () => {
    server = await ScriptedServer.start({
      [`POST /events/${id}/retry`]: { body: { ...event, state: 'queued' } },
    });
    expect((await run(['retry', id])).stdout).toBe('The event of hello is tried again.\n');
  });

  it('retries all dead events of a function, as long as the server says that there are more', async () => {
    const answers = [
      { retried: 1000, more: true },
      { retried: 3, more: false },
    ];
    server = await ScriptedServer.start(() => ({ body: answers.shift() }));
    expect((await run(['retry', '--function', 'hello'])).stdout).toBe(
      '1003 events of hello are tried again.\n',
    );
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 2 }, () => 'POST /events/retry?function=hello&state=dead'),
    );
  });

  it.each([[[]], [[id, '--function', 'hello']]])('asks for one event or one function: %j', async (words) => {
    server = await ScriptedServer.start({});
    expect((await run(['retry', ...words])).exitCode).toBe(2);
  });

  it('purges only what was confirmed', async () => {
    server = await ScriptedServer.start({ 'DELETE /events': { body: { deleted: 1, more: false } } });
    const words = ['purge', '--function', 'hello', '--state', 'dead'];
    const refused = await run(words, { terminal: { answers: [false] } });
    expect(refused.asked).toEqual([`Delete all dead events of hello at ${server.url}?`]);
    expect(server.seen).toEqual([]);
    expect((await run([...words, '--yes'])).stdout).toBe('Deleted 1 event of hello.\n');
    expect(server.seen.map(({ path }) => path)).toEqual(['/events?function=hello&state=dead']);
  });

  it('deletes one event', async () => {
    server = await ScriptedServer.start({ [`DELETE /events/${id}`]: { status: 204 } });
    expect((await run(['rm', id, '--yes'])).stdout).toBe('Deleted the event.\n');
    expect((await run(['rm', id])).exitCode).toBe(2);
  });
});

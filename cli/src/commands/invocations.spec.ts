import { runCommand, type Given } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';
const call = {
  id,
  function: 'hello',
  version: 2,
  revision: 3,
  startedAt: '2026-03-01T11:59:00.000Z',
  trigger: { kind: 'schedule', eventId: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a54', schedule: 'nightly' },
  outcome: 'function',
  statusCode: null,
  failure: {
    fault: 'function',
    code: 'FUNCTION_ERROR',
    message: 'The function threw \u001b[2J',
    errorType: 'TypeError',
    errorMessage: '\u001b[2J',
    stack: 'TypeError: \u001b[2J\n    at handler (/glambdar/code/index.js:1:1)',
    causes: [],
  },
  phases: { queueMs: 0.05, containerMs: 0.1, handlerMs: 37.4, totalMs: 38 },
  origin: 'fresh-pool',
  requestBytes: 10,
  responseBytes: 0,
  memoryPeakBytes: 45_000_000,
  cpuTimeMs: null,
  traceparent: null,
  logs: `/logs/hello?invocation=${id}`,
};

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  server = await ScriptedServer.start({
    'GET /invocations': { body: { invocations: [call] } },
    [`GET /invocations/${id}`]: { body: call },
  });
  return runCommand(['invocations', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}

describe('glambdar invocations', () => {
  it('lists calls, by function and outcome', async () => {
    const { stdout } = await run([
      '--function',
      'hello',
      '--outcome',
      'function',
      '-n',
      '5',
      '--since',
      '1h',
      '--code-version',
      '2',
    ]);
    expect(stdout).toBe(
      `${id}\thello\t2\t2026-03-01T11:59:00.000Z\t38 ms\t\tfunction\tThe function threw \\u001b[2J\n`,
    );
    const query = new URL(server.seen[0]!.path, server.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      function: 'hello',
      outcome: 'function',
      limit: '5',
      since: '1h',
      version: '2',
    });
  });

  it('shows everything about one, why it failed, and where its log is', async () => {
    const { stdout } = await run([id], { terminal: {} });
    expect(stdout).toContain('container:   0.1 ms, fresh-pool\n');
    expect(stdout).toContain('peak memory: 42.9 MiB\ncpu:         -\ncode:        FUNCTION_ERROR\n');
    expect(stdout).toContain('\nTypeError: \\u001b[2J\n    at handler (/glambdar/code/index.js:1:1)\n');
    expect(stdout).toContain('made by:     schedule nightly, event 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a54\n');
    expect(stdout).toContain(
      `\nIts log: glambdar logs hello --invocation ${id}\nIts event: glambdar events show 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a54\n`,
    );
  });

  it('is what the server said with --json', async () => {
    expect(JSON.parse((await run([id, '--json'])).stdout)).toEqual(call);
    expect(JSON.parse((await run(['--json'])).stdout)).toEqual({ invocations: [call] });
  });

  it.each([[['hello']], [[id, '--function', 'hello']], [['--outcome', 'nix']], [['--limit', '0']]])(
    'refuses %j',
    async (words) => {
      expect([(await run(words)).exitCode, server.seen]).toEqual([2, []]);
    },
  );
});

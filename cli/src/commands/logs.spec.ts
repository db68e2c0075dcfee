import { runCommand, type Given } from '../../test/support/fake-host.js';
import {
  problem,
  ScriptedServer,
  stopScriptedServers,
  type ScriptedAnswer,
  type SeenRequest,
} from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';
const logLine = (sequence: number, text: string, more: object = {}) => ({
  sequence,
  at: '2026-03-01T12:00:00.000Z',
  invocationId: id,
  version: 1,
  revision: 1,
  phase: 'call',
  stream: 'stdout',
  level: 'info',
  text,
  truncated: false,
  droppedBytes: 0,
  ...more,
});

let server: ScriptedServer;
async function logs(
  script: (request: SeenRequest, count: number) => ScriptedAnswer,
  words: readonly string[] = [],
  given: Given = {},
) {
  let count = 0;
  server = await ScriptedServer.start((request) => script(request, ++count));
  return runCommand(['logs', 'hello', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}
const asked = () => server.seen.map(({ path }) => path);

describe('glambdar logs', () => {
  const lines = [
    logLine(1, 'hi \u001b[31mred\u202e'),
    logLine(2, 'no', {
      level: 'error',
      stream: 'stderr',
      invocationId: null,
      truncated: true,
      droppedBytes: 7,
    }),
  ];
  const page = { function: 'hello', lines, before: 1 };

  it('is lines of time, level, stream, call and text in a pipe', async () => {
    expect((await logs(() => ({ body: page }), ['--lines', '2'])).stdout).toBe(
      `\
2026-03-01T12:00:00.000Z info  stdout  5bd66ef5 hi \\u001b[31mred\\u202e
2026-03-01T12:00:00.000Z error runtime -        … 7 bytes were not kept, because the call printed too much
2026-03-01T12:00:00.000Z error stderr  -        no … (cut)
`,
    );
  });

  it('has the time of the person on a terminal', async () => {
    const { stdout } = await logs(() => ({ body: page }), ['--lines', '2'], { terminal: {} });
    expect(stdout.split('\n')[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000 5bd66ef5 info {2}hi \\u001b\[31mred\\u202e$/,
    );
  });

  it('is one JSON value with --json, as the server said it', async () => {
    const { stdout } = await logs(() => ({ body: page }), ['--lines', '2', '--json']);
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(stdout)).toEqual(page);
  });

  it('asks for what is asked for', async () => {
    await logs(
      () => ({ body: { ...page, before: null } }),
      [
        '--since',
        '5m',
        '--until',
        '1m',
        '--level',
        'warn',
        '--contains',
        'a b',
        '--invocation',
        id.toUpperCase(),
      ],
    );
    const query = new URL(asked()[0]!, server.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      since: '5m',
      until: '1m',
      level: 'warn',
      contains: 'a b',
      invocation: id,
      limit: '1000',
    });
  });

  it('goes through as many pages as it takes, also where one is empty', async () => {
    const pages = [
      { ...page, lines: [logLine(5, 'e')], before: 5 },
      { ...page, lines: [], before: 3 },
      { ...page, lines: [logLine(1, 'a'), logLine(2, 'b')], before: null },
    ];
    const { stdout } = await logs((_request, count) => ({ body: pages[count - 1] }), ['--since', '1h']);
    expect(stdout.match(/\S+$/gm)).toEqual(['a', 'b', 'e']);
    expect(asked().map((path) => new URL(path, server.url).searchParams.get('before'))).toEqual([
      null,
      '5',
      '3',
    ]);
  });

  it.each([
    [['--level', 'loud'], 'Allowed choices are debug, info, warn, error'],
    [['--lines', '0'], 'It is a whole number from 1 to 10000.'],
    [['--invocation', 'hello'], 'The id of a call looks like'],
    [['--follow', '--until', '5m'], 'cannot be used with'],
  ])('refuses %j', async (words, message) => {
    const ran = await logs(() => ({ body: page }), words);
    expect([ran.exitCode, asked()]).toEqual([2, []]);
    expect(ran.stderr).toContain(message);
  });
});

describe('glambdar logs --follow', () => {
  const event = (line: ReturnType<typeof logLine>) =>
    `id: ${line.sequence}\nevent: line\ndata: ${JSON.stringify(line)}\n\n`;
  const end = (reason: string) => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
  const stream = (...pieces: string[]): ScriptedAnswer => ({
    headers: { 'content-type': 'text/event-stream' },
    pieces,
  });

  it('writes each line as it comes, until the function is deleted', async () => {
    const ran = await logs(
      () => stream(': heartbeat\n\n', event(logLine(1, 'a')), event(logLine(2, 'b')), end('deleted')),
      ['-f'],
    );
    expect([ran.exitCode, ran.stdout.match(/\S+$/gm), ran.stderr]).toEqual([
      0,
      ['a', 'b'],
      'hello is deleted.\n',
    ]);
  });

  it('is a JSON value on each line with --json', async () => {
    const ran = await logs(
      () => stream(event(logLine(1, 'a\u202e')), event(logLine(2, 'b')), end('deleted')),
      ['-f', '--json'],
    );
    expect(ran.stdout).not.toContain('\u202e');
    expect(
      ran.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([logLine(1, 'a\u202e'), logLine(2, 'b')]);
  });

  it('goes on after the last line when the connection is lost, and says so once', async () => {
    const answers: ScriptedAnswer[] = [
      { ...stream(event(logLine(7, 'a'))), breaksOff: true },
      problem(503, 'DRAINING', 'The server stops.'),
      { ...stream(event(logLine(8, 'b'))) },
      stream(end('deleted')),
    ];
    const ran = await logs((_request, count) => answers[count - 1]!, ['-f', '--level', 'warn', '-n', '5']);
    expect(ran.stdout.match(/\S+$/gm)).toEqual(['a', 'b']);
    expect(ran.stderr).toBe(
      `The connection to ${server.url} is lost. Trying again…\nConnected again.\nhello is deleted.\n`,
    );
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '7', '8']);
    expect(new Set(asked())).toEqual(new Set(['/logs/hello?follow=true&level=warn&limit=5']));
  });

  it('says what is missing', async () => {
    const dropped = 'event: dropped\ndata: {"lines":12}\n\n';
    const { stderr } = await logs(() => stream(dropped, end('deleted')), ['-f']);
    expect(stderr).toContain('12 lines are missing here');
  });

  it.each(['revoked', 'expired', 'forbidden', 'key-needed'])(
    'is not allowed any more after the end "%s"',
    async (reason) => {
      const ran = await logs(() => stream(end(reason)), ['-f']);
      expect([ran.exitCode, asked()]).toHaveLength(2);
      expect(ran.exitCode).toBe(4);
    },
  );

  it.each([
    [404, 'FUNCTION_NOT_FOUND', 5],
    [403, 'FORBIDDEN', 4],
    [503, 'OVERLOADED', 1],
  ])('is not tried again where the first answer is %i', async (status, code, exitCode) => {
    const ran = await logs(() => problem(status, code, 'No.'), ['-f']);
    expect([ran.exitCode, server.seen.length]).toEqual([exitCode, 1]);
  });

  it('ends with 130 at Ctrl-C', async () => {
    const interruption = new AbortController();
    const open: ScriptedAnswer = { ...stream(event(logLine(1, 'a'))), staysOpen: true };
    const ran = await logs(
      () => {
        // What has been answered is written first.
        setImmediate(() => {
          interruption.abort();
        });
        return open;
      },
      ['-f'],
      { interrupted: interruption.signal },
    );
    expect([ran.exitCode, ran.stderr]).toEqual([130, '']);
  });
});

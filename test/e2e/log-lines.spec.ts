import { jest } from '@jest/globals';
import { transformSync } from 'esbuild';
import { handlerZip, zipOf } from '../support/zip.js';
import { type Answer, EventReader } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

interface Line {
  readonly sequence: number;
  readonly invocationId: string | null;
  readonly phase: string;
  readonly stream: string;
  readonly level: string;
  readonly text: string;
}

let served: Served;
beforeAll(async () => {
  served = await Served.start({ GLAMBDAR_PREWARMED_CONTAINERS: '1' });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

async function linesOf(name: string, query = ''): Promise<readonly Line[]> {
  return ((await served.get(`/logs/${name}${query}`)).json as { lines: Line[] }).lines;
}

const linesOfCall = (name: string, { invocationId }: Answer) => linesOf(name, `?invocation=${invocationId}`);
const ofRuntime = (lines: readonly Line[]) => lines.filter(({ stream }) => stream === 'runtime');
const asText = (path: string, accept = 'text/plain') => served.send('GET', path, { headers: { accept } });

describe('an error that was caused by another', () => {
  it('is told whole in log and record, and to the caller with the sentence that says what to do', async () => {
    const sentence = 'its setting egress is empty. Add "example.com:80" to it to allow it.';
    await served.deploy('fetches', handlerZip("async () => fetch('http://example.com/')"));
    const answer = await served.invoke('fetches');
    expect(answer.status).toBe(502);
    expect(answer.json).toMatchObject({
      code: 'FUNCTION_ERROR',
      errorType: 'TypeError',
      errorMessage: expect.stringMatching(
        /^fetch failed: EGRESS_REFUSED: .*its setting egress is empty/,
      ) as string,
    });
    const printed = (await linesOfCall('fetches', answer)).map(({ text }) => text);
    expect(printed.filter((text) => text.includes('fetch failed'))).toHaveLength(1);
    expect(printed).toContainEqual(expect.stringContaining(sentence));
    expect(printed.map((text) => text.trim())).toContain('code: EGRESS_REFUSED');
    expect((await served.get(`/invocations/${answer.invocationId}`)).json).toMatchObject({
      failure: {
        causes: [{ code: 'EGRESS_REFUSED', errorMessage: expect.stringContaining(sentence) as string }],
        stack: expect.stringContaining('[cause]: Error: EGRESS_REFUSED') as string,
      },
    });
  });
});

describe('a call that is cut short', () => {
  const limits = { memoryMiB: 64, tmpMiB: 16 };

  it.each([
    [
      'runs out of time',
      "async () => { process.stdout.write('half'); await new Promise(() => setInterval(() => 0, 1e3)); }",
      /^The call was ended: it took longer than 5 s \(timeoutSeconds\)\. Peak memory: \d+\.\d MiB\.$/,
    ],
    [
      'ends its process',
      "() => { process.stdout.write('half'); process.exit(3); }",
      /^The process ended before it answered: exit code 3\./,
    ],
    [
      'is ended by a signal',
      "() => { process.stdout.write('half'); process.abort(); }",
      /^The process ended before it answered: exit code \d+ \(SIG[A-Z]+\)\./,
    ],
    [
      'uses up its memory',
      "() => { process.stdout.write('half'); const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)); }",
      /^The container ran out of memory: it may use 64 MiB \(memoryMiB\)\. It ended with exit code 137 \(SIGKILL\)\./,
    ],
    [
      'answers too much',
      "() => { process.stdout.write('half'); return 'x'.repeat(7 << 20); }",
      /^The call failed: The function's response body may have \d+ bytes at most/,
    ],
  ])('says so in its log, after what it printed: one that %s', async (what, handler, text) => {
    const name = what.replaceAll(' ', '-');
    // It must have begun to print by then, also on a busy machine.
    const timeoutSeconds = what === 'runs out of time' ? 5 : 300;
    await served.deploy(name, handlerZip(handler), { ...limits, timeoutSeconds });
    const answer = await served.invoke(name);
    const lines = await linesOfCall(name, answer);
    const half = { stream: 'stdout', level: 'info', text: 'half' };
    expect(lines).toContainEqual(expect.objectContaining(half));
    expect(lines.at(-1)).toMatchObject({
      stream: 'runtime',
      level: 'error',
      phase: 'call',
      text: expect.stringMatching(text) as string,
    });
    expect(ofRuntime(lines)).toHaveLength(1);
    expect(await linesOf(name, '?level=error&limit=1')).toEqual([lines.at(-1)]);
    expect((await asText(`/logs/${name}?invocation=${answer.invocationId}`)).text).toMatch(
      /Z error runtime [0-9a-f]{8} /,
    );
  });

  it('says so to who follows, and no line of the function can look like it', async () => {
    await served.deploy(
      'left',
      handlerZip('async () => { console.log("begun"); await new Promise(() => setInterval(() => 0, 1e3)); }'),
    );
    const follower = await EventReader.open(`${served.url}/logs/left?follow=true`);
    const leaving = new AbortController();
    const call = served.send('POST', '/invoke/left', { signal: leaving.signal }).catch(() => undefined);
    expect(await follower.next()).toMatchObject({ data: { stream: 'stdout', text: 'begun' } });
    leaving.abort();
    await call;
    expect(await follower.next()).toMatchObject({
      data: {
        stream: 'runtime',
        level: 'warn',
        text: 'The call was ended: its client disconnected before the answer was complete.',
      },
    });
    await follower.close();
    const forged = '\\r2026-01-31T12:00:00.000Z error runtime -        The call was ended.';
    await served.deploy('forges', handlerZip(`() => { console.log('${forged}'); }`));
    const lines = await linesOfCall('forges', await served.invoke('forges'));
    expect(lines).toMatchObject([{ stream: 'stdout', level: 'info' }]);
    expect((await asText('/logs/forges')).text).toMatch(/ info {2}stdout {2}[0-9a-f]{8} \\u000d2026-01-31/);
  });

  it('says that the code did not load, and how its process ended', async () => {
    await served.deploy('ends-early', handlerZip('() => 1', 'process.exit(7);'));
    const answer = await served.invoke('ends-early');
    expect(answer.status).toBe(502);
    expect(
      ofRuntime(await linesOf('ends-early')).map(({ phase, text }) => `${phase} ${text}`),
    ).toContainEqual(
      expect.stringMatching(/^load The process ended while the function's code was loaded: exit code 7\./),
    );
    expect(ofRuntime(await linesOfCall('ends-early', answer))).toHaveLength(1);
  });

  it('is not the only one that does: a container that ends between two calls is told of', async () => {
    const ending = '() => { setTimeout(() => { throw new Error("later"); }, 20); return 1; }';
    await served.deploy('ends-idle', handlerZip(ending), { isolation: 'warm', maxContainers: 1 });
    await served.invoke('ends-idle');
    const line = await eventually('the line', async () => ofRuntime(await linesOf('ends-idle'))[0]);
    expect(line).toMatchObject({
      level: 'warn',
      text: 'While no call ran, a container ended: exit code 1. It is replaced.',
    });
    expect((await linesOf('ends-idle')).map(({ text }) => text)).toContain('Error: later');
  });
});

describe('stacks of code with a source map', () => {
  const source =
    'interface Order { id: number }\n\nfunction charge(order: Order): never {\n  throw new RangeError(`no ${order.id}`);\n}\n\nexport const handler = () => charge({ id: 7 });\n';

  it.each(['cjs', 'esm'] as const)('name the sources, by paths inside the container: %s', async (format) => {
    const { code, map } = transformSync(source, {
      ...{ loader: 'ts', format, minify: true },
      ...{ sourcemap: 'external', sourcefile: '/home/ann/shop/src/app.ts' },
    });
    const [file, name] = format === 'cjs' ? ['index.js', 'mapped-cjs'] : ['index.mjs', 'mapped-esm'];
    await served.deploy(
      name,
      zipOf({ [file]: `${code}//# sourceMappingURL=app.js.map\n`, 'app.js.map': map }),
    );
    const answer = await served.invoke(name);
    expect(answer.status).toBe(502);
    const stack = (await linesOfCall(name, answer)).map(({ text }) => text);
    expect(stack[1]).toMatch(/\/glambdar\/code\/home\/ann\/shop\/src\/app\.ts:4:9\)$/);
  });
});

describe('reading a log', () => {
  const printing =
    "() => { console.debug('detail 1%'); console.log('plain 100%'); console.warn('careful'); console.error('\\u001b[31mred'); }";

  beforeAll(async () => {
    await served.deploy('prints', handlerZip(printing), { isolation: 'warm', maxContainers: 1 });
    await served.invoke('prints');
  }, patientlyMs);

  const textsOf = async (query: string) => (await linesOf('prints', query)).map(({ text }) => text);

  it('shows the level of each way to print, and those from one level on', async () => {
    expect((await linesOf('prints')).map(({ level, stream }) => `${level} ${stream}`)).toEqual([
      'debug stdout',
      'info stdout',
      'warn stderr',
      'error stderr',
    ]);
    expect(await textsOf('?level=warn')).toEqual(['careful', '\u001b[31mred']);
  });

  it('takes what lines contain and how long ago they were printed', async () => {
    expect(await textsOf('?contains=1%25')).toEqual(['detail 1%']);
    expect(await textsOf('?contains=100&since=5m')).toEqual(['plain 100%']);
    expect(await textsOf('?until=1h')).toEqual([]);
    const refused = await served.get('/logs/prints?since=5minutes');
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ code: 'MALFORMED_REQUEST', field: 'since' });
    expect(refused.text).toContain('like 90s, 5m, 2h or 7d');
  });

  it.each([
    ['*/*', 'application/json; charset=utf-8'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['text/*', 'text/plain; charset=utf-8'],
    ['text/plain; charset=UTF-8', 'text/plain; charset=utf-8'],
    ['application/json;charset=utf-8', 'application/json; charset=utf-8'],
    ['application/json;q=0.5, text/plain', 'text/plain; charset=utf-8'],
    ['text/plain;q=0.5, application/json', 'application/json; charset=utf-8'],
    ['text/html, */*;q=0.1', 'application/json; charset=utf-8'],
    ['*/*, application/json;q=0', 'text/plain; charset=utf-8'],
  ])('is in the form that the client asks for: %s', async (accept, type) => {
    const answer = await asText('/logs/prints', accept);
    expect([answer.status, answer.type, answer.headers.get('vary')]).toEqual([
      200,
      type,
      expect.stringContaining('Accept'),
    ]);
  });

  it.each([
    ['/logs/prints', 'text/html', 'application/json or text/plain'],
    ['/logs/prints', 'text/plain;q=0', 'application/json or text/plain'],
    ['/logs/prints', 'text/event-stream', 'follow=true'],
    ['/logs/prints?follow=true', 'application/json', 'text/event-stream or text/plain'],
  ])('is refused where no form fits: %s as %s', async (path, accept, words) => {
    const answer = await asText(path, accept);
    expect(answer.status).toBe(406);
    expect(answer.json).toMatchObject({
      code: 'NOT_ACCEPTABLE',
      detail: expect.stringContaining(words) as string,
    });
  });

  it('is text without a control character, a line each', async () => {
    const { text } = await asText('/logs/prints');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(25))).toEqual([
      expect.stringMatching(/^debug stdout {2}[0-9a-f]{8} detail 1%$/),
      expect.stringMatching(/^info {2}stdout {2}[0-9a-f]{8} plain 100%$/),
      expect.stringMatching(/^warn {2}stderr {2}[0-9a-f]{8} careful$/),
      expect.stringMatching(/^error stderr {2}[0-9a-f]{8} \\u001b\[31mred$/),
    ]);
  });

  it('is text that goes on where the client follows it', async () => {
    await served.deploy('followed', handlerZip('() => { console.log("hello"); }'), {
      isolation: 'warm',
      maxContainers: 1,
    });
    const response = await fetch(`${served.url}/logs/followed?follow=true`, {
      headers: { accept: 'text/plain' },
    });
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    await served.invoke('followed');
    await served.delete('followed');
    expect(await response.text()).toMatch(
      /^\S+Z info {2}stdout {2}[0-9a-f]{8} hello\n# The function was deleted\.\n$/,
    );
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, type Given } from '../../test/support/fake-host.js';
import {
  problem,
  ScriptedServer,
  stopScriptedServers,
  type ScriptedAnswer,
} from '../../test/support/scripted-server.js';

const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';

let server: ScriptedServer;
afterEach(stopScriptedServers);

async function invoke(answer: ScriptedAnswer, words: readonly string[] = [], given: Given = {}) {
  server = await ScriptedServer.start(() => answer);
  const environment = { GLAMBDAR_URL: server.url, GLAMBDAR_KEY: 'glb_key', NO_COLOR: '1' };
  return runCommand(['invoke', 'hello', ...words], { environment, ...given });
}
const lastRequest = () => server.seen.at(-1);

describe('what glambdar invoke sends', () => {
  it('is a GET without data, with the key and nothing else', async () => {
    await invoke({ body: 'Hello' });
    const { method, path, headers, body } = lastRequest()!;
    expect([method, path, body]).toEqual(['GET', '/invoke/hello', '']);
    const { host, 'user-agent': userAgent, ...others } = headers;
    expect(host).toBe(new URL(server.url).host);
    expect(others).toEqual({ 'x-glambdar-key': 'glb_key', connection: 'keep-alive' });
    expect(userAgent).toMatch(/^glambdar\/\d/);
  });

  it.each([
    ['{"a":1}', 'application/json'],
    ['Ada', 'text/plain; charset=utf-8'],
  ])('is a POST of %s as %s', async (data, type) => {
    await invoke({ body: '' }, ['--data', data]);
    expect(lastRequest()).toMatchObject({ method: 'POST', body: data, headers: { 'content-type': type } });
  });

  it('is standard input, to the byte', async () => {
    await invoke({ body: '' }, ['--data', '-'], { stdin: new Uint8Array([255, 0, 10]) });
    expect(lastRequest()?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '3',
    });
  });

  it('is a file, found from where the person is', async () => {
    const workingDirectory = await mkdtemp(join(tmpdir(), 'glambdar-data-'));
    await writeFile(join(workingDirectory, 'order.json'), '{"id":7}\n');
    const { exitCode } = await invoke({ body: '' }, ['--data', '@order.json'], { workingDirectory });
    expect([exitCode, lastRequest()?.body]).toEqual([0, '{"id":7}\n']);
    const missing = await invoke({ body: '' }, ['--data', '@nix.json'], { workingDirectory });
    expect([missing.exitCode, server.seen.length]).toEqual([2, 0]);
    expect(missing.stderr).toContain('nix.json cannot be read (ENOENT).');
    await rm(workingDirectory, { recursive: true });
  });

  it('has the method, the path, the query and the header fields that are given', async () => {
    const words = [
      '--method',
      'put',
      '--path',
      'orders/7?full=1',
      '-H',
      'X-A: 1',
      '-H',
      'x-a:2',
      '-H',
      'Content-Type: a/b',
    ];
    await invoke({ body: '' }, [...words, '-d', '{}']);
    expect(lastRequest()).toMatchObject({
      method: 'PUT',
      path: '/invoke/hello/orders/7?full=1',
      headers: { 'x-a': '1, 2', 'content-type': 'a/b' },
    });
  });

  it('may have a body with any method', async () => {
    await invoke({ body: '' }, ['-X', 'GET', '-d', 'x']);
    expect(lastRequest()).toMatchObject({ method: 'GET', body: 'x' });
  });

  it.each([
    [['--path', '/../../keys'], 'leads out of the function'],
    [['--path', '/%2e%2e/other'], 'leads out of the function'],
    [['--header', 'no field'], 'Write it like "Name: value".'],
    [['--header', 'a: \u0001'], 'Write it like "Name: value".'],
    [['--method', 'A B'], 'It is a method of HTTP'],
  ])('is nothing with %j', async (words, message) => {
    const ran = await invoke({ body: '' }, words);
    expect([ran.exitCode, server.seen.length]).toEqual([2, 0]);
    expect(ran.stderr).toContain(message);
  });
});

describe('what glambdar invoke writes', () => {
  const hostile = 'Hello \u001b[31mred\u202e';

  it('is the body as it is in a pipe, whatever its status', async () => {
    expect(await invoke({ status: 404, body: hostile })).toEqual({
      exitCode: 0,
      stdout: hostile,
      stderr: '',
      asked: [],
    });
  });

  it('is text that a terminal does not obey, and a line of its own', async () => {
    const { stdout } = await invoke({ body: `${hostile}\r\nmore` }, [], { terminal: {} });
    expect(stdout).toBe('Hello \\u001b[31mred\\u202e\nmore\n');
  });

  it('is not bytes on a terminal, but a word about them', async () => {
    const body = '\u0000\u0001';
    const { stdout, stderr } = await invoke({ body }, [], { terminal: {} });
    expect(stdout).toBe('');
    expect(stderr).toContain('The answer is not text. Write it to a file: `> FILE`.\n');
    expect((await invoke({ body })).stdout).toBe(body);
  });

  it('has the status and the header fields with --include', async () => {
    const { stdout } = await invoke({ status: 201, headers: { 'x-evil': 'a\u009b2J' }, body: 'Hello' }, [
      '-i',
    ]);
    expect(stdout).toMatch(/^HTTP\/1\.1 201 Created\n/);
    expect(stdout).toContain('\nx-evil: a\\u009b2J\n');
    expect(stdout).toMatch(/\n\nHello$/);
  });

  it('is one JSON value with --json', async () => {
    const headers = { 'x-glambdar-invocation-id': id };
    const { stdout } = await invoke({ headers, body: hostile }, ['--json']);
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 200,
      invocationId: id,
      body: hostile,
      isBase64Encoded: false,
    });
  });

  it('ends with an error with --fail, after the body, where the status is one', async () => {
    const headers = { 'x-glambdar-invocation-id': id };
    const ran = await invoke({ status: 500, headers, body: 'no' }, ['--fail']);
    expect(ran).toMatchObject({ exitCode: 1, stdout: 'no' });
    expect(ran.stderr).toBe(
      `error: hello answered with status 500.\nIts log: \`glambdar logs hello --invocation ${id}\`.\n`,
    );
  });
});

describe('a call that is handed over', () => {
  const event = { id: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55', state: 'queued' };
  const accepted = { status: 202, headers: { 'preference-applied': 'respond-async' }, body: event };

  it('is a POST that asks not to wait, and its event is named alone in a pipe', async () => {
    const { stdout } = await invoke(accepted, ['--async']);
    expect(lastRequest()).toMatchObject({ method: 'POST', headers: { prefer: 'respond-async' } });
    expect(stdout).toBe(`${event.id}\n`);
  });

  it('says to a person how to look at it', async () => {
    const { stdout } = await invoke(accepted, ['--async', '--data', '1'], { terminal: {} });
    expect(stdout).toContain(`glambdar events show ${event.id} --wait`);
  });

  it('is an answer like any other where the function gives one', async () => {
    expect((await invoke({ status: 202, body: 'taken' }, ['--async'])).stdout).toBe('taken');
  });
});

describe('a call that fails', () => {
  const called = { 'x-glambdar-invocation-id': id };

  it('is an error that says where its log is', async () => {
    const failed = problem(502, 'FUNCTION_ERROR', 'The function threw TypeError: \u001b[2J', {
      invocationId: id,
    });
    const ran = await invoke({
      ...failed,
      headers: { ...called, 'content-type': 'application/problem+json' },
    });
    expect(ran).toMatchObject({ exitCode: 1, stdout: '' });
    expect(ran.stderr).toBe(
      `error: The function threw TypeError: \\u001b[2J\nIts log: \`glambdar logs hello --invocation ${id}\`.\n`,
    );
  });

  it('shows what the function printed, where the key may see it', async () => {
    const failed = problem(504, 'FUNCTION_TIMEOUT', 'It took too long.', {
      invocationId: id,
      output: 'a\nb\u001b\n',
    });
    const ran = await invoke({
      ...failed,
      headers: { ...called, 'content-type': 'application/problem+json' },
    });
    expect(ran.stderr).toContain('error: It took too long.\nIt printed:\na\nb\\u001b\nIts log:');
  });

  it.each([
    [404, 'FUNCTION_NOT_FOUND', 5],
    [401, 'UNAUTHENTICATED', 4],
    [403, 'FORBIDDEN', 4],
    [429, 'CONCURRENCY_LIMIT', 1],
    [503, 'OVERLOADED', 1],
  ])('because of status %i exits with its code', async (status, code, exitCode) => {
    const ran = await invoke(problem(status, code, 'No.'));
    expect([ran.exitCode, ran.stdout]).toEqual([exitCode, '']);
    expect(ran.stderr).not.toContain('Its log');
  });

  it('is not a problem that the function itself answers', async () => {
    const answer = { type: 'https://example.com/out-of-stock', status: 409, code: 'OUT_OF_STOCK' };
    const headers = { 'content-type': 'application/problem+json' };
    const ran = await invoke({ status: 409, headers, body: answer });
    expect([ran.exitCode, JSON.parse(ran.stdout)]).toEqual([0, answer]);
  });

  it('is an error where the answer ends too early', async () => {
    const ran = await invoke({ headers: { 'content-length': '100' }, body: 'Hello', breaksOff: true });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toBe('error: The answer ended before it was complete.\n');
  });

  it('is nothing to talk about where it ends with Ctrl-C: before the answer, or in its middle', async () => {
    for (const answer of [{ staysOpen: true }, { body: 'Hel', staysOpen: true }]) {
      const interruption = new AbortController();
      server = await ScriptedServer.start(() => {
        setImmediate(() => {
          interruption.abort();
        });
        return answer;
      });
      const environment = { GLAMBDAR_URL: server.url };
      const ran = await runCommand(['invoke', 'hello'], { environment, interrupted: interruption.signal });
      expect([ran.exitCode, ran.stderr]).toEqual([130, '']);
    }
  });
});

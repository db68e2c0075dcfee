import { zipOf } from '../../../test/support/zip.js';
import { startFunctionsServer, type FunctionsServer } from '../../../test/support/functions-server.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { DeployedFunction } from '../../functions/function.js';

/** Limits of this server: 3 secrets, 100 bytes each, 150 together. */
let server: FunctionsServer;
beforeEach(async () => {
  server = await startFunctionsServer();
  await deploy('hello');
});
afterEach(() => server.application.close());

async function deploy(name: string): Promise<void> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(zipOf({ 'index.js': '' }))], `${name}.zip`));
  await fetch(`${server.url}/deploy`, { method: 'POST', body: form });
}

async function ask(method: string, path: string, body?: string) {
  const init = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
  const response = await fetch(server.url + path, { method, ...init });
  const text = await response.text();
  return { status: response.status, text, json: text === '' ? undefined : (JSON.parse(text) as object) };
}

const put = (key: string, value: string, name = 'hello') =>
  ask('PUT', `/secrets/${name}/${key}`, JSON.stringify({ value }));

const current = (name = 'hello') => server.registry.get(parseFunctionName(name));
const opened = (deployed: DeployedFunction = current()) => server.vault.open(deployed);

describe('setting a secret', () => {
  it('gives it to the function, and is answered without its value', async () => {
    const answer = await put('API_TOKEN', 'hush hush');
    const at = server.clock.wallTime().toISOString();
    expect([answer.status, answer.json]).toEqual([200, { key: 'API_TOKEN', createdAt: at, updatedAt: at }]);
    expect(opened()).toEqual({ API_TOKEN: 'hush hush' });
  });

  it('makes a new revision, which the store has, too', async () => {
    await put('API_TOKEN', 'hush');
    expect(current().revision).toBe(2);
    await expect(server.store.list()).resolves.toEqual([current()]);
  });

  it('replaces its value, and keeps when it was first set', async () => {
    await put('API_TOKEN', 'first');
    const createdAt = server.clock.wallTime();
    server.clock.advance(1000);
    await put('API_TOKEN', 'second');
    expect(opened()).toEqual({ API_TOKEN: 'second' });
    expect(current().secrets).toMatchObject([{ createdAt, updatedAt: server.clock.wallTime() }]);
  });

  it('leaves the snapshot of a call in flight as it was', async () => {
    await put('API_TOKEN', 'first');
    const lease = server.registry.lease(parseFunctionName('hello'));
    await put('API_TOKEN', 'second');
    expect(opened(lease.deployed)).toEqual({ API_TOKEN: 'first' });
    lease.release();
  });

  it('keeps all of several that come at once', async () => {
    await Promise.all(['A', 'B', 'C'].map((key) => put(key, key)));
    expect(opened()).toEqual({ A: 'A', B: 'B', C: 'C' });
  });

  it.each([
    ['INVALID_SETTINGS', 'key', 'PUT', '/secrets/hello/not-a-name', '{"value":"x"}'],
    ['INVALID_SETTINGS', 'key', 'PUT', '/secrets/hello/GLAMBDAR_DIR', '{"value":"x"}'],
    ['INVALID_NAME', 'name', 'PUT', '/secrets/..%2fhello/A', '{"value":"x"}'],
    ['FUNCTION_NOT_FOUND', undefined, 'PUT', '/secrets/nobody/A', '{"value":"x"}'],
    ['INVALID_SETTINGS', 'value', 'PUT', '/secrets/hello/A', '{"value":null}'],
    ['INVALID_SETTINGS', 'value', 'PUT', '/secrets/hello/A', `{"value":"${'x'.repeat(101)}"}`],
    ['INVALID_SETTINGS', 'body', 'PUT', '/secrets/hello/A', '{"value":"x","more":1}'],
    ['INVALID_SETTINGS', 'body', 'PUT', '/secrets/hello/A', 'null'],
    ['MALFORMED_REQUEST', undefined, 'PUT', '/secrets/hello/A', 'hunter2'],
    ['MALFORMED_REQUEST', undefined, 'PUT', '/secrets/hello/A', ''],
    ['PAYLOAD_TOO_LARGE', undefined, 'PUT', '/secrets/hello/A', `{"value":"${'x'.repeat(400_000)}"}`],
    ['SECRET_NOT_FOUND', undefined, 'DELETE', '/secrets/hello/A', undefined],
    ['FUNCTION_NOT_FOUND', undefined, 'DELETE', '/secrets/nobody/A', undefined],
    ['FUNCTION_NOT_FOUND', undefined, 'GET', '/secrets/nobody', undefined],
  ])('is refused with %s (%s), and nothing changes: %s %s %j', async (code, field, method, path, body) => {
    const before = current();
    const { json, text } = await ask(method, path, body);
    expect(json).toMatchObject({ code, ...(field !== undefined && { field }) });
    expect(text).not.toContain('hunter2');
    expect(current()).toEqual(before);
  });

  it('is refused at each limit, naming it', async () => {
    await put('A', 'x'.repeat(100));
    expect((await put('B', 'x'.repeat(51))).json).toMatchObject({ code: 'INVALID_SETTINGS', field: 'value' });
    await put('B', 'x'.repeat(48));
    await put('C', 'x');
    expect((await put('D', 'x')).json).toMatchObject({ code: 'INVALID_SETTINGS', field: 'key' });
    expect((await put('C', 'xx')).status).toBe(200);
    expect(Object.keys(opened())).toEqual(['A', 'B', 'C']);
  });

  it('is read behind a byte order mark, and refused when its bytes are no text', async () => {
    expect((await ask('PUT', '/secrets/hello/A', '\uFEFF{"value":"x"}')).status).toBe(200);
    expect(opened()).toEqual({ A: 'x' });
  });

  it('changes nothing when the store refuses', async () => {
    server.store.failNext();
    expect((await put('A', 'x')).json).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(current().secrets).toEqual([]);
  });
});

describe('the list of secrets', () => {
  it('has keys and times, by key, and no value', async () => {
    await put('B', 'second');
    await put('A', 'first');
    const { json, text } = await ask('GET', '/secrets/hello');
    const at = server.clock.wallTime().toISOString();
    const times = { createdAt: at, updatedAt: at };
    expect(json).toEqual({
      function: 'hello',
      count: 2,
      secrets: [
        { key: 'A', ...times },
        { key: 'B', ...times },
      ],
    });
    expect(text).not.toMatch(/first|second|sealed|nonce/);
  });

  it('is no part of what is told of functions otherwise', async () => {
    await put('API_TOKEN', 'hush');
    expect((await ask('GET', '/info/hello')).text).not.toMatch(/API_TOKEN|sealed/);
  });
});

describe('deleting', () => {
  it('a secret takes it from the function', async () => {
    await put('A', 'x');
    await put('B', 'y');
    expect((await ask('DELETE', '/secrets/hello/A')).status).toBe(204);
    expect([opened(), current().revision]).toEqual([{ B: 'y' }, 4]);
  });

  it('the function takes its secrets along', async () => {
    await put('A', 'x');
    await ask('DELETE', '/del/hello');
    await deploy('hello');
    expect((await ask('GET', '/secrets/hello')).json).toEqual({ function: 'hello', count: 0, secrets: [] });
  });
});

describe('the audit trail', () => {
  it('has the keys of secrets, and never a value', async () => {
    await put('API_TOKEN', 'hush hush');
    await ask('DELETE', '/secrets/hello/API_TOKEN');
    const reported = server.trail.entries.map(
      ({ action, target, outcome }) => `${action} ${target ?? '?'} ${outcome}`,
    );
    expect(reported.slice(2)).toEqual([
      'secret.put hello/API_TOKEN begun',
      'secret.put hello/API_TOKEN done',
      'secret.delete hello/API_TOKEN begun',
      'secret.delete hello/API_TOKEN done',
    ]);
    expect(JSON.stringify([server.trail.entries, server.log.lines])).not.toContain('hush');
  });
});

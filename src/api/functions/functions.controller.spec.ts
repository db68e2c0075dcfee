import { zipOf } from '../../../test/support/zip.js';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import { startFunctionsServer, type FunctionsServer } from '../../../test/support/functions-server.js';
import { parseFunctionName } from '../../functions/function-name.js';
import { changeTo } from '../../functions/change-feed.js';
import type { DeployedFunction } from '../../functions/function.js';

let server: FunctionsServer;
let hello: DeployedFunction;

beforeEach(async () => {
  server = await startFunctionsServer();
  hello = deployedFunction({ name: 'hello', settings: { isolation: 'warm' } });
  await server.store.insert(hello);
  server.registry.apply(changeTo(hello));
});

afterEach(async () => {
  await server.application.close();
});

const answerOf = async (path: string, init?: RequestInit) => {
  const response = await fetch(server.url + path, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
};

const metadata = {
  name: 'hello',
  createdAt: '2026-01-01T00:00:00.000Z',
  lastInvokedAt: null,
  invokeCount: 0,
  version: 1,
  sha256: '0'.repeat(64),
  codeBytes: 100,
  fileCount: 1,
  state: 'active',
  runtime: 'nodejs24.x',
  isolation: 'warm',
  minContainers: 0,
  maxContainers: 4,
  idleTimeoutSeconds: 300,
};

describe('GET /info', () => {
  it('lists every function with its metadata, and how many there are', async () => {
    await expect(answerOf('/info')).resolves.toEqual({
      status: 200,
      body: { count: 1, functions: [metadata] },
    });
  });

  it('tells of no functions when there are none', async () => {
    await server.deletion.delete(hello.name);
    await expect(answerOf('/info')).resolves.toEqual({ status: 200, body: { count: 0, functions: [] } });
  });
});

describe('GET /info/:name', () => {
  it('describes a function', async () => {
    await expect(answerOf('/info/hello')).resolves.toEqual({ status: 200, body: metadata });
  });

  it('says that code is broken, until the function is published again', async () => {
    server.registry.markBroken(hello.version.id);
    await expect(answerOf('/info')).resolves.toMatchObject({ body: { functions: [{ state: 'broken' }] } });
    await expect(answerOf('/info/hello')).resolves.toMatchObject({ body: { state: 'broken' } });
    const form = new FormData();
    form.set('file', new File([new Uint8Array(zipOf({ 'index.js': '1' }))], 'hello.zip'));
    await expect(answerOf('/deploy/hello', { method: 'PUT', body: form })).resolves.toMatchObject({
      status: 200,
    });
    await expect(answerOf('/info/hello')).resolves.toMatchObject({ body: { state: 'active', version: 2 } });
    server.registry.lease(hello.name).release();
  });

  it('says that code does not load, and why, until it does', async () => {
    const reason = 'TypeError: broken';
    server.loadOutcomes.tell(hello, { kind: 'fails', reason });
    const failing = { ...metadata, state: 'failing', stateReason: reason };
    await expect(answerOf('/info')).resolves.toMatchObject({ body: { functions: [failing] } });
    await expect(answerOf('/info/hello')).resolves.toEqual({ status: 200, body: failing });
    server.loadOutcomes.tell(hello, { kind: 'unknown', reason: 'No engine.' });
    await expect(answerOf('/info/hello')).resolves.toEqual({ status: 200, body: failing });
    server.loadOutcomes.tell(hello, { kind: 'loads' });
    await expect(answerOf('/info/hello')).resolves.toEqual({ status: 200, body: metadata });
  });

  it('shows a call as soon as it is admitted', async () => {
    server.registry.admitted(server.registry.lease(parseFunctionName('hello')));
    const counted = { ...metadata, invokeCount: 1, lastInvokedAt: '2026-01-01T00:00:00.000Z' };
    await expect(answerOf('/info/hello')).resolves.toEqual({ status: 200, body: counted });
  });

  it('says that a function is unknown', async () => {
    await expect(answerOf('/info/Hello')).resolves.toMatchObject({ body: { code: 'FUNCTION_NOT_FOUND' } });
  });

  it.each(['/info/.hidden', '/info/a%2Fb', '/info/..%2f..', '/info/a%00', `/info/${'a'.repeat(65)}`])(
    'refuses what is no name: %s',
    async (path) => {
      await expect(answerOf(path)).resolves.toMatchObject({ body: { code: 'INVALID_NAME', field: 'name' } });
    },
  );
});

describe('DELETE /del/:name', () => {
  it('answers with nothing, and the function is gone', async () => {
    await expect(answerOf('/del/hello', { method: 'DELETE' })).resolves.toEqual({
      status: 204,
      body: undefined,
    });
    await expect(answerOf('/info/hello')).resolves.toMatchObject({ body: { code: 'FUNCTION_NOT_FOUND' } });
    await expect(server.store.list()).resolves.toEqual([]);
  });

  it('says that a function is unknown', async () => {
    const answer = await answerOf('/del/other', { method: 'DELETE' });
    expect(answer).toMatchObject({ body: { code: 'FUNCTION_NOT_FOUND' } });
  });

  it('refuses what is no name', async () => {
    const answer = await answerOf('/del/a%20b', { method: 'DELETE' });
    expect(answer).toMatchObject({ body: { code: 'INVALID_NAME' } });
  });
});

import type { ScriptedSandboxes } from '../../../test/fakes/scripted-sandboxes.js';
import { zipOf } from '../../../test/support/zip.js';
import {
  keyIdHeader,
  startFunctionsServer,
  type FunctionsServer,
} from '../../../test/support/functions-server.js';
import { DomainError } from '../../common/errors/domain-error.js';

let server: FunctionsServer;
let sandboxes: ScriptedSandboxes;

beforeEach(async () => {
  server = await startFunctionsServer();
  sandboxes = server.sandboxes;
});

afterEach(() => server.application.close());

async function send(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(server.url + path, { method, ...init });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function publish(path = '/deploy/hello', text = '1', settings?: string) {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(zipOf({ 'index.js': text }))], 'any name at all.bin'));
  if (settings !== undefined) form.set('settings', settings);
  return send('PUT', path, { body: form });
}

function rollBack(body?: string, contentType = 'application/json') {
  const init = body === undefined ? {} : { body, headers: { 'content-type': contentType } };
  return send('POST', '/rollback/hello', init);
}

const recorded = () =>
  server.trail.entries.map(({ action, target, outcome }) => `${action} ${target ?? '?'} ${outcome}`);

describe('PUT /deploy/:name', () => {
  it('answers 201 for a new function, which the path names, and 200 for its next versions', async () => {
    expect(await publish()).toMatchObject({ status: 201, body: { function: 'hello', version: 1 } });
    expect(await publish()).toMatchObject({
      status: 200,
      body: { function: 'hello', status: 'deployed', version: 2, fileCount: 1 },
    });
    expect(recorded().slice(2)).toEqual(['function.deploy hello begun', 'function.deploy hello done']);
  });

  it('takes settings as POST does, and refuses what breaks their rules', async () => {
    await publish('/deploy/hello', '1', '{"isolation":"warm"}');
    expect(server.registry.list()[0]?.settings.isolation).toBe('warm');
    expect(await publish('/deploy/hello', '2', '{"maxContainers":0}')).toMatchObject({
      status: 418,
      body: { code: 'INVALID_SETTINGS', field: 'maxContainers' },
    });
    expect(server.registry.list()[0]).toMatchObject({ revision: 1, settings: { isolation: 'warm' } });
    expect(server.code.directories.size).toBe(1);
  });

  it('refuses a bad name, and a form without a file', async () => {
    expect(await publish('/deploy/a%20b')).toMatchObject({ body: { code: 'INVALID_NAME' } });
    expect(await publish('/deploy/..%2Fhello')).toMatchObject({ body: { code: 'INVALID_NAME' } });
    const form = new FormData();
    form.set('settings', '{}');
    expect(await send('PUT', '/deploy/hello', { body: form })).toMatchObject({
      body: { code: 'MISSING_FILE' },
    });
    expect(server.code.staged.size).toBe(0);
    expect(server.registry.count).toBe(0);
  });

  it('refuses what does not load with the reason and what it printed', async () => {
    await publish();
    sandboxes.load = () =>
      Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'No.', { output: 'printed' }));
    expect(await publish()).toMatchObject({
      body: {
        code: 'CANDIDATE_NOT_LOADABLE',
        message: expect.stringContaining('No.') as string,
        output: 'printed',
      },
    });
    expect(server.registry.list()[0]?.version.number).toBe(1);
    expect(recorded().at(-1)).toBe('function.deploy hello CANDIDATE_NOT_LOADABLE');
  });
});

describe('GET /versions/:name', () => {
  it('lists the versions, newest first, and says which one is current', async () => {
    await publish();
    await publish();
    await rollBack();
    const { status, body } = await send('GET', '/versions/hello');
    expect(status).toBe(200);
    expect(body).toEqual({
      function: 'hello',
      count: 2,
      versions: [
        {
          version: 2,
          createdAt: server.clock.wallTime().toISOString(),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          codeBytes: 1,
          fileCount: 1,
          current: false,
          publishedBy: null,
          settings: expect.objectContaining({ memoryMiB: 128, environment: {} }) as object,
          changes: [],
        },
        expect.objectContaining({ version: 1, current: true, changes: null }),
      ],
    });
  });

  it('says who published each, to those who may see keys, and what its settings were', async () => {
    await publish();
    const form = new FormData();
    form.set('file', new File([new Uint8Array(zipOf({ 'index.js': '2' }))], 'x.zip'));
    form.set('settings', '{"memoryMiB":256}');
    await send('PUT', '/deploy/hello', { body: form, headers: { [keyIdHeader]: 'deployer' } });
    const { body } = await send('GET', '/versions/hello');
    expect(body['versions']).toMatchObject([
      {
        version: 2,
        publishedBy: { id: 'deployer', name: 'name of deployer' },
        settings: { memoryMiB: 256 },
        changes: [{ field: 'memoryMiB', from: 128, to: 256 }],
      },
      { version: 1, publishedBy: null },
    ]);
    const seen = await send('GET', '/versions/hello', { headers: { [keyIdHeader]: 'deployer' } });
    expect(seen.body['versions']).toMatchObject([{ version: 2, publishedBy: null }, { version: 1 }]);
  });

  it('says that a function is unknown', async () => {
    expect(await send('GET', '/versions/nobody')).toMatchObject({ body: { code: 'FUNCTION_NOT_FOUND' } });
  });
});

describe('POST /rollback/:name', () => {
  beforeEach(async () => {
    for (const text of ['1', '2', '3']) await publish('/deploy/hello', text);
  });

  it.each([undefined, '{}'])('goes to the version before without being told which: %s', async (body) => {
    expect(await rollBack(body)).toMatchObject({ status: 200, body: { function: 'hello', version: 2 } });
    expect(recorded().slice(-2)).toEqual(['function.rollback hello begun', 'function.rollback hello done']);
  });

  it('goes to the version that is named', async () => {
    expect(await rollBack('{"version":1}')).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it.each([
    ['{"version":9}', 'VERSION_NOT_FOUND', 'version'],
    ['{"version":3}', 'NOTHING_TO_ROLL_BACK', 'version'],
    ['{"version":null}', 'INVALID_SETTINGS', 'version'],
    ['{"version":"2"}', 'INVALID_SETTINGS', 'version'],
    ['{"version":0}', 'INVALID_SETTINGS', 'version'],
    ['{"version":1.5}', 'INVALID_SETTINGS', 'version'],
    ['{"constructor":2}', 'INVALID_SETTINGS', 'constructor'],
    ['{"version":2,"force":true}', 'INVALID_SETTINGS', 'force'],
    ['null', 'INVALID_SETTINGS', 'body'],
    ['[2]', 'INVALID_SETTINGS', 'body'],
    ['2', 'INVALID_SETTINGS', 'body'],
    ['{"version":2,"version":1}', 'MALFORMED_REQUEST', 'version'],
    ['{', 'MALFORMED_REQUEST', undefined],
  ])('refuses %s with %s and changes nothing', async (body, code, field) => {
    const answer = await rollBack(body);
    expect(answer).toMatchObject({ status: 418, body: field === undefined ? { code } : { code, field } });
    expect(server.registry.list()[0]).toMatchObject({ revision: 3, version: { number: 3 } });
  });

  it('refuses another content type', async () => {
    expect(await rollBack('version=1', 'text/plain')).toMatchObject({
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });
});

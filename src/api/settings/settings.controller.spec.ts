import type { ScriptedSandboxes } from '../../../test/fakes/scripted-sandboxes.js';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import {
  keyIdHeader,
  startFunctionsServer,
  type FunctionsServer,
} from '../../../test/support/functions-server.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { changeTo } from '../../functions/change-feed.js';
import type { DeployedFunction } from '../../functions/function.js';

let server: FunctionsServer;
let sandboxes: ScriptedSandboxes;
let hello: DeployedFunction;

beforeEach(async () => {
  server = await startFunctionsServer();
  sandboxes = server.sandboxes;
  hello = deployedFunction({ name: 'hello', settings: { memoryMiB: 256, environment: { A: '1' } } });
  await server.store.insert(hello);
  server.registry.apply(changeTo(hello));
});
afterEach(() => server.application.close());

const defaults = {
  description: '',
  handler: 'index.handler',
  environment: {},
  runtime: 'nodejs24.x',
  responseFormat: 'simple',
  timeoutSeconds: 30,
  memoryMiB: 128,
  cpuMillis: 1000,
  tmpMiB: 64,
  isolation: 'fresh',
  sandbox: 'container',
  minContainers: 0,
  maxContainers: 4,
  maxConcurrency: 16,
  idleTimeoutSeconds: 300,
  egress: [],
  build: 'auto',
  installScripts: false,
  access: 'key',
  rateLimit: { perAddress: 0, total: 0 },
  cors: null,
  hosts: [],
  retry: { maxAttempts: 3, maxAgeSeconds: 21_600 },
  onSuccess: null,
  onFailure: null,
  maxQueuedEvents: 10_000,
  idempotency: false,
  schedules: {},
};
const inForce = { ...defaults, memoryMiB: 256, environment: { A: '1' } };

async function send(path: string, patch?: unknown, type = 'application/merge-patch+json') {
  const body = typeof patch === 'string' ? patch : JSON.stringify(patch);
  const init = patch === undefined ? {} : { method: 'PATCH', headers: { 'content-type': type }, body };
  const response = await fetch(server.url + path, init);
  return { status: response.status, body: await response.json() };
}

const loadError = () => Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'No handler.'));

describe('GET /settings/:name', () => {
  it('shows every setting as it is in force', async () => {
    await expect(send('/settings/hello')).resolves.toEqual({ status: 200, body: inForce });
  });

  it.each([
    ['/settings/nobody', 'FUNCTION_NOT_FOUND'],
    ['/settings/..%2fx', 'INVALID_NAME'],
  ])('refuses %s', async (path, code) => {
    await expect(send(path)).resolves.toMatchObject({ body: { code } });
  });
});

describe('PATCH /settings/:name', () => {
  it.each(['application/merge-patch+json', 'application/json'])('takes a merge patch as %s', async (type) => {
    const patch = { timeoutSeconds: 5, memoryMiB: null, environment: { A: null, B: '2' } };
    const changed = { ...defaults, timeoutSeconds: 5, environment: { B: '2' } };
    const changes = [
      { field: 'environment.A', from: '1', to: null },
      { field: 'environment.B', from: null, to: '2' },
      { field: 'timeoutSeconds', from: 30, to: 5 },
      { field: 'memoryMiB', from: 256, to: 128 },
    ];
    await expect(send('/settings/hello', patch, type)).resolves.toEqual({
      status: 200,
      body: { ...changed, changes },
    });
    await expect(send('/settings/hello')).resolves.toEqual({ status: 200, body: changed });
    const [stored] = await server.store.list();
    expect(stored?.settings.chosen).toEqual({ timeoutSeconds: 5, environment: { B: '2' } });
  });

  it('replaces what runs the function, and is recorded', async () => {
    await send('/settings/hello', { timeoutSeconds: 5 });
    expect(sandboxes.prepared).toMatchObject([{ revision: 2, settings: { timeoutSeconds: 5 } }]);
    expect(server.trail.entries.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['function.configure', 'hello', 'begun'],
      ['function.configure', 'hello', 'done'],
    ]);
  });

  it.each([{}, { memoryMiB: 256 }, { description: null }, { environment: { A: '1', B: null } }])(
    'replaces nothing when nothing changes: %j',
    async (patch) => {
      await expect(send('/settings/hello', patch)).resolves.toEqual({ status: 200, body: inForce });
      expect(server.registry.get(hello.name).revision).toBe(1);
    },
  );

  it('warns of what cannot work on this server, and only then', async () => {
    const answer = await send('/settings/hello', { egress: ['10.0.0.7'] });
    expect(answer).toEqual({
      status: 200,
      body: {
        ...inForce,
        egress: ['10.0.0.7'],
        changes: [{ field: 'egress', from: [], to: ['10.0.0.7'] }],
        warnings: ['The setting egress: "10.0.0.7" leads nowhere'],
      },
    });
    expect((await send('/settings/hello')).body).not.toHaveProperty('warnings');
    expect((await send('/settings/hello', { egress: null })).body).not.toHaveProperty('warnings');
  });

  it('may be what GET showed', async () => {
    await expect(send('/settings/hello', inForce)).resolves.toEqual({ status: 200, body: inForce });
  });

  it('names the runtimes there are where another one is asked for', async () => {
    await expect(send('/settings/hello', { runtime: 'nodejs20.x' })).resolves.toMatchObject({
      body: {
        code: 'INVALID_SETTINGS',
        field: 'runtime',
        reason: 'runtime must be one of nodejs22.x, nodejs24.x, nodejs26.x',
      },
    });
  });

  it.each([
    ['a handler', { handler: 'other.handler' }],
    ['a runtime', { runtime: 'nodejs26.x' }],
  ])('refuses %s with which the code does not load, and changes nothing', async (_, patch) => {
    sandboxes.load = loadError;
    await expect(send('/settings/hello', patch)).resolves.toMatchObject({
      body: { code: 'CANDIDATE_NOT_LOADABLE' },
    });
    await expect(send('/settings/hello')).resolves.toEqual({ status: 200, body: inForce });
    expect(sandboxes.abandoned).toHaveLength(1);
  });

  it('takes any other change of a function that does not load: it may be what fixes it', async () => {
    sandboxes.load = loadError;
    const { status, body } = await send('/settings/hello', {
      environment: { NEEDED: 'x' },
      handler: 'index.handler',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ warnings: ['The code does not load, so calls will fail. No handler.'] });
  });

  describe('by a key that is no administrator', () => {
    const patchAs = async (keyId: string, patch: object) => {
      const headers = { 'content-type': 'application/json', [keyIdHeader]: keyId };
      const init = { method: 'PATCH', headers, body: JSON.stringify(patch) };
      const response = await fetch(`${server.url}/settings/hello`, init);
      return { status: response.status, body: (await response.json()) as object };
    };

    it.each([
      [{ minContainers: 9, maxContainers: 9 }, 'minContainers', 'minContainers above 8'],
      [{ minContainers: 4, memoryMiB: 1025 }, 'minContainers', 'above 4096 MiB'],
    ])('keeps no more containers ready than a share: %j', async (patch, field, rule) => {
      const { status, body } = await patchAs('deployer', patch);
      expect(status).toBe(418);
      expect(body).toMatchObject({
        code: 'FORBIDDEN',
        field,
        message: expect.stringMatching(`${rule}.*scope admin`) as string,
      });
      await expect(send('/settings/hello')).resolves.toEqual({ status: 200, body: inForce });
      await expect(send('/settings/hello', patch)).resolves.toMatchObject({ status: 200 });
    });

    it('leaves what an administrator has set as it is, and may lower it', async () => {
      await send('/settings/hello', { minContainers: 20, maxContainers: 20 });
      await expect(patchAs('deployer', { timeoutSeconds: 5 })).resolves.toMatchObject({ status: 200 });
      await expect(patchAs('deployer', { minContainers: 21, maxContainers: 21 })).resolves.toMatchObject({
        body: { code: 'FORBIDDEN' },
      });
      await expect(patchAs('deployer', { minContainers: 19 })).resolves.toMatchObject({ status: 200 });
      await expect(patchAs('deployer', { minContainers: 8 })).resolves.toMatchObject({ status: 200 });
    });
  });

  describe('made for the settings of one revision', () => {
    const patchFor = async (ifMatch: string, patch: object) => {
      const headers = { 'content-type': 'application/json', 'if-match': ifMatch };
      const init = { method: 'PATCH', headers, body: JSON.stringify(patch) };
      const response = await fetch(`${server.url}/settings/hello`, init);
      return { etag: response.headers.get('etag'), body: await response.json() };
    };
    const etag = async () => (await fetch(`${server.url}/settings/hello`)).headers.get('etag') ?? '';

    it('is made where nobody was faster, and answers with the tag for the next one', async () => {
      const first = await patchFor(await etag(), { timeoutSeconds: 5 });
      expect(first).toMatchObject({ etag: '"2"', body: { timeoutSeconds: 5 } });
      await expect(patchFor('"2"', { timeoutSeconds: 6 })).resolves.toMatchObject({ etag: '"3"' });
      await expect(etag()).resolves.toBe('"3"');
    });

    it('is refused where somebody was faster, and changes nothing', async () => {
      await send('/settings/hello', { timeoutSeconds: 5 });
      await expect(patchFor('"1"', { timeoutSeconds: 6 })).resolves.toMatchObject({
        body: { code: 'REVISION_CHANGED', field: 'If-Match' },
      });
      await expect(send('/settings/hello')).resolves.toMatchObject({ body: { timeoutSeconds: 5 } });
    });

    it('is made once when several are sent at once', async () => {
      const answers = await Promise.all([5, 6, 7, 8].map((n) => patchFor('"1"', { timeoutSeconds: n })));
      const made = answers.filter(({ body }) => !('code' in (body as object)));
      expect(made).toHaveLength(1);
      expect(server.registry.get(hello.name).revision).toBe(2);
    });

    it('is refused when it names no tag', async () => {
      await expect(patchFor('1', {})).resolves.toMatchObject({
        body: { code: 'MALFORMED_REQUEST', field: 'If-Match' },
      });
    });
  });

  it('applies patches at once one after the other and loses none', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `V${index}`);
    await Promise.all(names.map((name) => send('/settings/hello', { environment: { [name]: 'x' } })));
    expect(Object.keys(server.registry.get(hello.name).settings.environment).sort()).toEqual(['A', ...names]);
  });

  it.each<[unknown, string | undefined, object]>([
    [{ memoryMiB: '256' }, undefined, { code: 'INVALID_SETTINGS', field: 'memoryMiB' }],
    [{ tmpMiB: 300 }, undefined, { code: 'INVALID_SETTINGS', field: 'tmpMiB' }],
    [{ timeoutSeconds: 5, memory: 3 }, undefined, { code: 'INVALID_SETTINGS', field: 'memory' }],
    [{ environment: { GLAMBDAR_X: '' } }, undefined, { code: 'INVALID_SETTINGS', field: 'environment' }],
    ['[]', undefined, { code: 'INVALID_SETTINGS', field: 'body' }],
    ['null', undefined, { code: 'INVALID_SETTINGS', field: 'body' }],
    ['{', undefined, { code: 'MALFORMED_REQUEST' }],
    ['', undefined, { code: 'MALFORMED_REQUEST' }],
    ['{}', 'text/plain', { code: 'UNSUPPORTED_MEDIA_TYPE' }],
    [{ description: 'x'.repeat(270_000) }, undefined, { code: 'PAYLOAD_TOO_LARGE' }],
  ])('refuses %j, and changes nothing', async (patch, type, problem) => {
    await expect(send('/settings/hello', patch, type)).resolves.toMatchObject({ body: problem });
    expect(server.registry.get(hello.name)).toEqual(hello);
    expect(sandboxes.prepared).toEqual([]);
  });

  it('refuses a function that is not there', async () => {
    await expect(send('/settings/nobody', {})).resolves.toMatchObject({
      body: { code: 'FUNCTION_NOT_FOUND' },
    });
  });
});

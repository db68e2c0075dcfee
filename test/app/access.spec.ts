import { PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { Application } from 'express';
import { request } from 'node:http';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { AuditStore } from '../../src/auth/store/auth-stores.js';
import { routeAccessOf } from '../../src/common/auth/route-access.js';
import type { Scope } from '../../src/common/auth/caller.js';
import { startApp, type ListeningApp } from '../support/app.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
/** Behind a proxy a server without a key starts only so; these tests make theirs when it runs. */
const unlocked = { GLAMBDAR_INSECURE_NO_AUTH: 'true' };
const owner = { actor: 'local', requestId: null, address: null };

let served: ListeningApp;
afterEach(() => served.close());

async function makeKey(...scopes: Scope[]): Promise<{ readonly id: string; readonly text: string }> {
  const { key, text } = await served.app
    .get(KeyService)
    .create({ name: 'test', scopes, functions: null, expiresAt: null }, owner);
  return { id: key.id, text };
}

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, key?: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('Authorization', `Bearer ${key}`);
  if (typeof init.body === 'string') headers.set('Content-Type', 'application/json');
  const response = await fetch(served.url + path, { ...init, headers });
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
  return {
    status: response.status,
    code: body['code'] as string | undefined,
    headers: response.headers,
    body,
  };
}

const statusesOf = async (paths: readonly string[], key?: string) =>
  Promise.all(paths.map(async (path) => (await ask(path, key)).status));

/** The status of a request with headers that `fetch` does not let anybody set. */
function statusWith(headers: Record<string, string>, path = '/info'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(served.url + path, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** Every handler of every controller, by name. */
function handlers(): [string, object][] {
  const modules = [...served.app.get(ModulesContainer).values()];
  const prototypes = modules
    .flatMap((module) => [...module.controllers.values()])
    .map(({ metatype }) => (metatype as { readonly prototype: object }).prototype);
  return prototypes.flatMap((prototype) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype))
      .filter(
        ([name, { value }]) => name !== 'constructor' && Reflect.hasMetadata(PATH_METADATA, value as object),
      )
      .map(([name, { value }]): [string, object] => [
        `${prototype.constructor.name}.${name}`,
        value as object,
      ]),
  );
}

/** Methods that `fetch` sends for nobody; a route of every method has them, and the same guard. */
const unsendable = ['connect', 'trace'];

/** Every route that Express knows, with something in the place of each parameter. */
function routes(): { readonly method: string; readonly path: string }[] {
  const { router } = served.app.getHttpAdapter().getInstance() as Application;
  const layers = router.stack as unknown as readonly {
    route?: { readonly path: string; readonly methods: Record<string, boolean> };
  }[];
  return layers.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {})
      .filter((method) => !unsendable.includes(method))
      .map((method) => ({
        method: method.toUpperCase(),
        path: (route?.path ?? '').replace(/[:*]\w+/g, 'something'),
      })),
  );
}

describe('a server without keys', () => {
  beforeEach(async () => {
    served = await startApp(noEngine);
  });

  it('is open to its own machine', async () => {
    await expect(statusesOf(['/info', '/audit', '/keys', '/openapi.json', '/health/live'])).resolves.toEqual([
      200, 200, 200, 200, 200,
    ]);
  });

  it('limits nobody on its own machine', async () => {
    const statuses = await statusesOf(Array<string>(60).fill('/info'));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('makes no first key over HTTP: it would lock its owner out', async () => {
    const answer = await ask('/keys', undefined, { method: 'POST', body: '{"name":"x","scopes":["admin"]}' });
    expect([answer.status, answer.code]).toEqual([403, 'FORBIDDEN']);
    await expect(statusesOf(['/info'])).resolves.toEqual([200]);
  });

  it('lets every handler say who may call it', () => {
    expect(handlers().length).toBeGreaterThan(8);
    const silent = handlers().filter(([, handler]) => routeAccessOf(handler) === undefined);
    expect(silent.map(([name]) => name)).toEqual([]);
    const open = handlers().filter(([, handler]) => routeAccessOf(handler)?.kind === 'public');
    expect(open.map(([name]) => name).sort()).toEqual([
      'DashboardController.page',
      'DashboardController.part',
      'DocumentationController.document',
      'DocumentationController.page',
      'DocumentationController.part',
      'FrontPageController.show',
      'HealthController.live',
      'HealthController.ready',
      'SessionController.create',
      'SessionController.end',
      'SessionController.show',
    ]);
  });

  it.each([
    [{ Host: 'evil.example' }],
    [{ Origin: 'http://evil.example' }],
    [{ Origin: 'null' }],
    [{ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ])('is closed to web pages of others, on every route: %j', async (headers) => {
    for (const path of ['/info', '/health/live', '/openapi.json', '/docs', '/nothing']) {
      await expect(statusWith(headers as Record<string, string>, path)).resolves.toBe(403);
    }
  });
});

describe('a server with a key', () => {
  let admin: string;
  beforeEach(async () => {
    served = await startApp({
      ...noEngine,
      GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1000',
      GLAMBDAR_MANAGEMENT_BURST: '500',
    });
    admin = (await makeKey('admin')).text;
  });

  it('answers nobody without one, on no route but those that tell nothing of what it holds', async () => {
    const open: string[] = [];
    for (const { method, path } of routes()) {
      const { status, code } = await ask(path, undefined, { method });
      if (status !== 401 || (code !== 'UNAUTHENTICATED' && method !== 'HEAD')) open.push(`${method} ${path}`);
    }
    expect(routes().length).toBeGreaterThan(10);
    expect(open.sort()).toEqual([
      'DELETE /session',
      'GET /',
      'GET /docs',
      'GET /docs/something',
      'GET /health/live',
      'GET /health/ready',
      'GET /openapi.json',
      'GET /session',
      'GET /ui',
      'GET /ui/something',
      'POST /session',
    ]);
  });

  it('tells load balancers whether it is ready, and the rest only who may see the server', async () => {
    const anybody = [await ask('/health/ready'), await ask('/health/ready', 'wrong')];
    for (const { status, body } of anybody) expect([status, body]).toEqual([503, { status: 'error' }]);
    expect((await ask('/health/ready', (await makeKey('functions:invoke')).text)).body).toEqual({
      status: 'error',
    });
    for (const key of [admin, (await makeKey('functions:read')).text]) {
      expect((await ask('/health/ready', key)).body).toMatchObject({
        details: { engine: { status: 'down' } },
      });
    }
  });

  it('takes a key in X-Glambdar-Key, on every route, and goes by it where both headers are there', async () => {
    const own = (key: string) => ({ headers: { 'X-Glambdar-Key': key } });
    expect((await ask('/info', undefined, own(admin))).status).toBe(200);
    expect((await ask('/keys', undefined, own(admin))).status).toBe(200);
    expect((await ask('/invoke/none', undefined, { method: 'POST', ...own(admin) })).code).toBe(
      'FUNCTION_NOT_FOUND',
    );
    expect((await ask('/health/ready', undefined, own(admin))).body).toHaveProperty('details');
    expect((await ask('/info', 'meant for the function', own(admin))).status).toBe(200);
    for (const wrong of ['wrong', '', `Bearer ${admin}`, `${admin}, ${admin}`]) {
      expect((await ask('/info', admin, own(wrong))).code).toBe('UNAUTHENTICATED');
    }
  });

  it('says how to authenticate', async () => {
    const none = await ask('/info');
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    const wrong = await ask('/info', `glb_0123456789ab_${'x'.repeat(43)}`);
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
  });

  it('lets each scope do its own, and admin everything', async () => {
    const keys: Record<string, string> = { admin };
    for (const scope of [
      'functions:read',
      'functions:deploy',
      'functions:invoke',
      'functions:delete',
      'secrets:write',
      'metrics:read',
      'logs:read',
    ] as const)
      keys[scope] = (await makeKey(scope)).text;
    const attempts: [Scope, string, RequestInit][] = [
      ['functions:read', '/info', {}],
      ['functions:deploy', '/deploy', { method: 'POST' }],
      ['functions:invoke', '/invoke/none', { method: 'POST' }],
      ['functions:delete', '/del/none', { method: 'DELETE' }],
      ['functions:read', '/secrets/none', {}],
      ['secrets:write', '/secrets/none/KEY', { method: 'PUT' }],
      ['secrets:write', '/secrets/none/KEY', { method: 'DELETE' }],
      ['metrics:read', '/metrics', {}],
      ['logs:read', '/logs/none', {}],
      ['logs:read', '/invocations?function=none', {}],
      ['admin', '/keys', {}],
      ['admin', '/audit', {}],
    ];
    for (const [needed, path, init] of attempts) {
      for (const [scope, key] of Object.entries(keys)) {
        const { code } = await ask(path, key, init);
        expect(`${scope} at ${path}: ${code === 'FORBIDDEN'}`).toBe(
          `${scope} at ${path}: ${scope !== needed && scope !== 'admin'}`,
        );
      }
    }
  });

  it('says which scope is missing', async () => {
    const { text: key } = await makeKey('functions:read');
    const detail = async (path: string) => (await ask(path, key)).body['detail'];
    expect(await detail('/metrics')).toContain('use one with the scope metrics:read, or with admin.');
    expect(await detail('/audit')).toContain('use one with the scope admin.');
  });

  it('makes, lists and revokes keys for an admin, in force at once', async () => {
    const body = JSON.stringify({ name: 'ci', scopes: ['functions:read'] });
    const made = await ask('/keys', admin, { method: 'POST', body });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { id, key } = made.body as { id: string; key: string };
    expect((await ask('/info', key)).status).toBe(200);
    const listed = await ask('/keys', admin);
    expect(listed.body).toMatchObject({ count: 2, keys: [{}, { id, name: 'ci', revokedAt: null }] });
    expect(JSON.stringify(listed.body)).not.toContain(key.slice(-43));
    expect((await ask(`/keys/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/info', key)).status).toBe(401);
    expect((await ask(`/keys/${id}`, admin, { method: 'DELETE' })).code).toBe('KEY_NOT_FOUND');
  });

  it('reads a request for a key behind a byte order mark', async () => {
    const body = '\uFEFF{"name":"ci","scopes":["functions:read"]}';
    expect((await ask('/keys', admin, { method: 'POST', body })).status).toBe(201);
  });

  it.each([
    ['MALFORMED_REQUEST', 'nonsense'],
    ['INVALID_SETTINGS', '[]'],
    ['INVALID_SETTINGS', '{"name":"ci","scopes":["all"]}'],
    ['PAYLOAD_TOO_LARGE', `"${'x'.repeat(20_000)}"`],
  ])('refuses a request for a key with %s', async (code, body) => {
    expect((await ask('/keys', admin, { method: 'POST', body })).code).toBe(code);
  });

  it('records who did what, in pages, with the request and the address', async () => {
    const remover = await makeKey('functions:delete');
    const headers = { 'X-Request-Id': 'r-1' };
    await ask('/del/none', remover.text, { method: 'DELETE', headers });
    const all = await ask('/audit', admin);
    const reported = {
      actor: remover.id,
      action: 'function.delete',
      target: 'none',
      requestId: 'r-1',
      address: '127.0.0.1',
    };
    expect(all.body).toMatchObject({
      entries: [
        { sequence: 1, action: 'key.create', actor: 'local' },
        { sequence: 2, action: 'key.create', actor: 'local' },
        { sequence: 3, ...reported, outcome: 'begun' },
        { sequence: 4, ...reported, outcome: 'FUNCTION_NOT_FOUND' },
      ],
      next: 4,
    });
    expect((await ask('/audit?after=2&limit=1', admin)).body).toMatchObject({
      entries: [{ sequence: 3 }],
      next: 3,
    });
    expect((await ask('/audit?after=9', admin)).body).toEqual({ entries: [], next: 9 });
    expect((await ask('/audit?order=newest&before=4&limit=2', admin)).body).toMatchObject({
      entries: [{ sequence: 3 }, { sequence: 2 }],
      next: 2,
    });
    expect((await ask('/audit?order=newest&before=1', admin)).body).toEqual({ entries: [], next: 1 });
    for (const query of [
      'after=-1',
      'after=x',
      'order=any',
      'before=x',
      'limit=0',
      'limit=1001',
      'limit=1e2',
      'after=1&after=2',
    ])
      expect((await ask(`/audit?${query}`, admin)).code).toBe('MALFORMED_REQUEST');
  });

  it('records whom it turned away, in the audit trail, too', async () => {
    const reader = await makeKey('functions:read');
    await ask('/del/none', undefined, { method: 'DELETE' });
    await ask('/del/none', reader.text, { method: 'DELETE' });
    await statusWith({ Host: 'evil.example' });
    const { entries } = (await ask('/audit', admin)).body as { entries: Record<string, unknown>[] };
    expect(
      entries
        .filter(({ action }) => action === 'request.refuse')
        .map(({ actor, target, outcome }) => [actor, target, outcome]),
    ).toEqual([
      ['nobody', 'DELETE /del/:name', 'UNAUTHENTICATED'],
      [reader.id, 'DELETE /del/:name', 'FORBIDDEN'],
      ['nobody', 'GET (none)', 'UNKNOWN_HOST'],
    ]);
  });

  it('records refused calls with their route and request id, whichever way they come', async () => {
    await makeKey('admin');
    const id = { headers: { 'X-Request-Id': 'mine' } };
    for (const path of ['/invoke/none', '/invoke/none/of/it', '/INVOKE/none'])
      expect((await ask(path, undefined, id)).headers.get('x-request-id')).toBe('mine');
    await statusWith({ Host: 'evil.example' }, '/invoke/none');
    const entries = await served.app.get(AuditStore).after(0, 100);
    const refusals = entries.filter(({ action }) => action === 'request.refuse');
    expect(refusals.map(({ target }) => target)).toEqual([
      'GET /invoke/:name',
      'GET /invoke/:name',
      'GET /invoke/:name',
      'GET /invoke/:name',
    ]);
    expect(refusals.slice(0, 3).map(({ requestId }) => requestId)).toEqual(['mine', 'mine', 'mine']);
    expect(refusals[3]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses an upload before it is read, and leaves no trace of it but in the answer', async () => {
    const { status, code } = await ask('/deploy', (await makeKey('functions:read')).text, {
      method: 'POST',
      body: Buffer.alloc(1_000_000),
    });
    expect([status, code]).toEqual([403, 'FORBIDDEN']);
    const entries = await served.app.get(AuditStore).after(0, 100);
    expect(entries.map(({ action }) => action)).not.toContain('function.deploy');
  });
});

describe('limits', () => {
  it('hold for each key, and say when to come back', async () => {
    served = await startApp({
      ...noEngine,
      GLAMBDAR_MANAGEMENT_PER_SECOND: '1',
      GLAMBDAR_MANAGEMENT_BURST: '5',
    });
    const [one, other] = [await makeKey('functions:read'), await makeKey('functions:read')];
    const answers: Answer[] = [];
    for (let i = 0; i < 7; i += 1) answers.push(await ask('/info', one.text));
    expect(answers[0]?.headers.get('ratelimit-limit')).toBe('5');
    expect(answers[0]?.headers.get('ratelimit-remaining')).toBe('4');
    const last = answers.at(-1);
    expect([last?.status, last?.code, last?.headers.get('ratelimit-remaining')]).toEqual([
      429,
      'RATE_LIMITED',
      '0',
    ]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask('/info', other.text)).status).toBe(200);
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('do not hold for calls, unless they are set', async () => {
    served = await startApp({
      ...noEngine,
      GLAMBDAR_MANAGEMENT_BURST: '1',
      GLAMBDAR_INVOCATIONS_PER_SECOND: '0',
    });
    const { text } = await makeKey('functions:invoke');
    for (let i = 0; i < 50; i += 1)
      expect((await ask('/invoke/none', text, { method: 'POST' })).code).toBe('FUNCTION_NOT_FOUND');
  });

  it('hold for calls where they are set', async () => {
    served = await startApp({
      ...noEngine,
      GLAMBDAR_INVOCATIONS_PER_SECOND: '1',
      GLAMBDAR_INVOCATION_BURST: '1',
    });
    const { text } = await makeKey('functions:invoke');
    await ask('/invoke/none', text, { method: 'POST' });
    expect((await ask('/invoke/none', text, { method: 'POST' })).code).toBe('RATE_LIMITED');
  });

  it('hold for failures to authenticate, per address, and never for a valid key from there', async () => {
    served = await startApp({ ...noEngine, ...unlocked, GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1' });
    const { text } = await makeKey('functions:read');
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    for (let i = 0; i < 10; i += 1) expect((await ask('/info', 'wrong', from('192.0.2.7'))).status).toBe(401);
    expect((await ask('/info', 'wrong', from('192.0.2.7'))).status).toBe(429);
    expect((await ask('/info', undefined, from('192.0.2.7'))).status).toBe(429);
    expect((await ask('/info', 'wrong', from('192.0.2.8'))).status).toBe(401);
    expect((await ask('/info', text, from('192.0.2.7'))).status).toBe(200);
  });

  it('hold for failures in whichever header the key is shown', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1' });
    await makeKey('admin');
    await ask('/info', undefined, { headers: { 'X-Glambdar-Key': 'wrong' } });
    expect((await ask('/info', undefined, { headers: { 'X-Glambdar-Key': 'wrong' } })).status).toBe(429);
    expect((await ask('/info', 'wrong')).status).toBe(429);
  });

  it('believe no address that somebody other than a trusted proxy has written', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1' });
    await makeKey('admin');
    await ask('/info', 'wrong', { headers: { 'X-Forwarded-For': '192.0.2.7' } });
    expect((await ask('/info', 'wrong', { headers: { 'X-Forwarded-For': '192.0.2.8' } })).status).toBe(429);
  });
});

describe('a server behind a reverse proxy', () => {
  it('is called by the names that are allowed, and its pages may be there', async () => {
    served = await startApp({ ...noEngine, ...unlocked, GLAMBDAR_ALLOWED_HOSTS: 'fn.example.com' });
    await expect(statusWith({ Host: 'fn.example.com' })).resolves.toBe(200);
    await expect(statusWith({ Host: 'fn.example.com', Origin: 'https://fn.example.com' })).resolves.toBe(200);
    await expect(statusWith({ Host: 'other.example.com' })).resolves.toBe(403);
  });
});

describe('a web page', () => {
  const own = () => new URL(served.url).host;
  const paths = ['/info', '/invoke/none', '/INVOKE/none'];
  const statusesFrom = (headers: Record<string, string>) =>
    Promise.all(paths.map((path) => statusWith({ Host: own(), ...headers }, path)));

  it('may call the server it is from, and no page of another port, scheme or name of the same machine', async () => {
    served = await startApp(noEngine);
    await expect(statusesFrom({ Origin: `http://${own()}` })).resolves.toEqual([200, 404, 404]);
    for (const origin of [
      'http://127.0.0.1:1',
      `https://${own()}`,
      `http://localhost:${own().split(':')[1]}`,
      'null',
    ])
      await expect(statusesFrom({ Origin: origin })).resolves.toEqual([403, 403, 403]);
  });

  it('may be of a port that the operator allows, which opens the server to nobody else', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_ALLOWED_HOSTS: 'http://localhost:3000' });
    await expect(statusesFrom({ Origin: 'http://localhost:3000' })).resolves.toEqual([200, 404, 404]);
    await expect(statusesFrom({ Origin: 'http://localhost:3001' })).resolves.toEqual([403, 403, 403]);
  });

  it('is compared with the URL that a trusted proxy says was called', async () => {
    served = await startApp({
      ...noEngine,
      GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1',
      GLAMBDAR_INSECURE_NO_AUTH: 'true',
    });
    const published = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'fn.example.com:8443' };
    const origin = 'https://fn.example.com:8443';
    await expect(statusesFrom({ ...published, Origin: origin })).resolves.toEqual([200, 404, 404]);
    await expect(statusesFrom({ Origin: origin })).resolves.toEqual([403, 403, 403]);
    await expect(statusesFrom({ ...published, Origin: 'https://fn.example.com' })).resolves.toEqual([
      403, 403, 403,
    ]);
  });
});

import type { AddressInfo } from 'node:net';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { type Scope, strangers } from '../../src/common/auth/caller.js';
import { EventStore } from '../../src/events/store/event-store.js';
import { changeTo, deletionOf } from '../../src/functions/change-feed.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import type { ChosenSettings, DeployedFunction } from '../../src/functions/function.js';
import { RunningCalls } from '../../src/invocation/running-calls.js';
import { deployedFunction } from '../support/builders/functions.js';
import { until } from '../support/eventually.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { RawConnection } from '../support/raw-connection.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
const page = 'https://app.example.com';

let served: ListeningApp;
let key: string;

async function start(variables: Readonly<Record<string, string>> = {}): Promise<void> {
  served = await startApp({
    ...noEngine,
    GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '100000',
    ...variables,
  });
}
afterEach(() => served.close());

/** A function that may not run at all: a call that is let in is answered with `CONCURRENCY_LIMIT`, at once. */
function deploy(name: string, settings: ChosenSettings = {}): DeployedFunction {
  const deployed = deployedFunction({ name, settings: { maxConcurrency: 0, ...settings } });
  served.app.get(FunctionRegistry).apply(changeTo(deployed));
  return deployed;
}
const letIn = 'CONCURRENCY_LIMIT';

function change(before: DeployedFunction, settings: ChosenSettings): void {
  const { settings: after } = deployedFunction({ settings: { ...before.settings.chosen, ...settings } });
  served.app
    .get(FunctionRegistry)
    .apply(changeTo({ ...before, revision: before.revision + 1, settings: after }));
}

async function newKey(scopes: readonly Scope[] = ['admin'], functions: readonly string[] | null = null) {
  const owner = { actor: 'local', requestId: null, address: null };
  const wanted = { name: 'me', scopes: [...scopes], functions: functions && [...functions], expiresAt: null };
  return (await served.app.get(KeyService).create(wanted, owner)).text;
}

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly detail: string;
  readonly headers: Headers;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(served.url + path, init);
  const text = await response.text();
  const { code, detail = '' } = (text === '' ? {} : JSON.parse(text)) as { code?: unknown; detail?: string };
  return { status: response.status, code, detail, headers: response.headers };
}

const portOf = () => (served.app.getHttpServer().address() as AddressInfo).port;

describe('a public function on a server with keys', () => {
  beforeEach(async () => {
    await start();
    key = await newKey();
    deploy('open', { access: 'public', rateLimit: { perAddress: 0 } });
    deploy('closed');
  });

  it.each([
    ['GET', '/invoke/open'],
    ['POST', '/invoke/open/a/b?c'],
    ['PUT', '/INVOKE/open'],
    ['DELETE', '/invoke/%6fpen/'],
    ['OPTIONS', '/invoke/open'],
    ['PATCH', '/invoke/open//x'],
  ])('is called without a key: %s %s', async (method, path) => {
    expect(await ask(path, { method })).toMatchObject({ code: letIn });
  });

  it('is called by HEAD without a key', async () => {
    expect((await ask('/invoke/open', { method: 'HEAD' })).status).toBe(429);
  });

  it.each([
    ['nothing', {}],
    ["a webhook's own", { authorization: 'Bearer whsec_123' }],
    ['of another scheme', { authorization: 'Basic YTpi' }],
    ['a key of another server', { authorization: `Bearer glb_0123456789ab_${'x'.repeat(43)}` }],
    ['a key that is no more', { 'x-glambdar-key': `glb_0123456789ab_${'x'.repeat(43)}` }],
    ['a session that is none', { cookie: 'glambdar_session_x=1' }],
  ])('is called with %s, and nothing counts as a failed authentication', async (_, headers) => {
    const answer = await ask('/invoke/open', { method: 'POST', headers });
    expect(answer.code).toBe(letIn);
    for (const name of ['RateLimit-Limit', 'WWW-Authenticate', 'Set-Cookie'])
      expect(answer.headers.has(name)).toBe(false);
  });

  it('is called with any key, also one for something else', async () => {
    for (const text of [
      key,
      await newKey(['metrics:read']),
      await newKey(['functions:invoke'], ['shop-*']),
    ]) {
      expect(await ask('/invoke/open', { headers: { 'x-glambdar-key': text } })).toMatchObject({
        code: letIn,
      });
    }
  });

  it('opens nothing else: every other route, and every other name, still asks for a key', async () => {
    const refused = async (path: string, init?: RequestInit) => (await ask(path, init)).status;
    for (const path of [
      '/info',
      '/info/open',
      '/settings/open',
      '/logs/open',
      '/versions/open',
      '/secrets/open',
    ])
      expect([path, await refused(path)]).toEqual([path, 401]);
    expect(await refused('/del/open', { method: 'DELETE' })).toBe(401);
    expect(await refused('/settings/open', { method: 'PATCH', body: '{}' })).toBe(401);
    for (const name of [
      'closed',
      'nobody',
      'OPEN',
      'open%20',
      'open%2f..%2fclosed',
      'constructor',
      '__proto__',
    ])
      expect([name, await refused(`/invoke/${name}`)]).toEqual([name, 401]);
  });

  it('says the same of a function with a key and of one that there is not', async () => {
    const said = async (name: string) => {
      const { status, detail, headers } = await ask(`/invoke/${name}`);
      return { status, detail, headers: [...headers.keys()].filter((one) => !/^(date|ratelimit)/.test(one)) };
    };
    expect(await said('closed')).toEqual(await said('nobody'));
  });

  it.each<[string, (open: DeployedFunction) => void]>([
    [
      'made private',
      (open) => {
        change(open, { access: 'key' });
      },
    ],
    [
      'deleted',
      (open) => {
        served.app.get(FunctionRegistry).apply(deletionOf(open));
      },
    ],
    [
      'deleted, and its name given to a private one',
      () => {
        deploy('slow');
      },
    ],
  ])('asks for a key where it is %s while a body arrives', async (_, happens) => {
    const open = deploy('slow', { access: 'public' });
    const connection = await RawConnection.open(portOf());
    connection.write('POST /invoke/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\na');
    await until(() => served.app.get(RunningCalls).count === 1);
    happens(open);
    connection.write('b');
    const answer = await connection.response();
    expect(answer?.status).toBe(401);
    expect(answer?.body).toContain('UNAUTHENTICATED');
    connection.destroy();
  });

  it('is called once it is public, and no more once it is not', async () => {
    const later = deploy('later');
    expect((await ask('/invoke/later')).status).toBe(401);
    change(later, { access: 'public' });
    expect((await ask('/invoke/later')).code).toBe(letIn);
    change({ ...later, revision: 2 }, { access: 'key' });
    expect((await ask('/invoke/later')).status).toBe(401);
  });
});

describe('an Idempotency-Key of a stranger', () => {
  it.each([
    ['address', { 'x-forwarded-for': '203.0.113.8' }],
    ['cookie', { cookie: 'visitor=b' }],
    ['Authorization', { authorization: 'Basic YjpiCg==' }],
  ])('stands for no request of a stranger with another %s', async (_, other) => {
    await start({ GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1', GLAMBDAR_INSECURE_NO_AUTH: 'true' });
    key = await newKey();
    deploy('shop', { access: 'public', rateLimit: { perAddress: 0 } });
    const own = { 'x-forwarded-for': '203.0.113.7', cookie: 'visitor=a', authorization: 'Basic YTphCg==' };
    const order = async (headers: Readonly<Record<string, string>>) => {
      const { status, headers: answered } = await ask('/invoke/shop', {
        method: 'POST',
        headers: { prefer: 'respond-async', 'idempotency-key': 'order-1', ...own, ...headers },
        body: '{}',
      });
      return { status, isRepeated: answered.has('Idempotent-Replayed') };
    };
    expect(await order({})).toEqual({ status: 202, isRepeated: false });
    expect(await order({})).toEqual({ status: 202, isRepeated: true });
    expect(await order(other)).toEqual({ status: 202, isRepeated: false });
    expect(await order({ 'x-glambdar-key': key })).toEqual({ status: 202, isRepeated: false });
  });
});

describe('an event of a stranger', () => {
  it('has the share that all strangers have together, as a call of theirs has, and one with a key that of the key', async () => {
    await start();
    key = await newKey();
    deploy('open', { access: 'public', rateLimit: { perAddress: 0 } });
    const holderOf = async (headers: Readonly<Record<string, string>>) => {
      const init = { method: 'POST', headers: { prefer: 'respond-async', ...headers } };
      const { id } = (await (await fetch(`${served.url}/invoke/open`, init)).json()) as { id: string };
      return (await served.app.get(EventStore).find(id))?.keyId;
    };
    const [own] = await served.app.get(KeyService).list();
    expect(await holderOf({})).toBe(strangers);
    expect(await holderOf({ 'x-glambdar-key': key })).toBe(own?.id);
  });

  it('finds half of the queue at most, and leaves the rest to callers with a key', async () => {
    await start();
    key = await newKey();
    deploy('open', { access: 'public', maxQueuedEvents: 4, rateLimit: { perAddress: 0 } });
    const send = (headers: Readonly<Record<string, string>> = {}) =>
      ask('/invoke/open', { method: 'POST', headers: { prefer: 'respond-async', ...headers } });
    const ofStrangers = [await send(), await send(), await send()];
    expect(ofStrangers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(ofStrangers[2]).toMatchObject({
      code: 'EVENT_QUEUE_FULL',
      detail:
        'Callers without a key have as many events waiting for this function as they may; send this one again later.',
    });
    expect(ofStrangers[2]?.headers.has('Retry-After')).toBe(true);
    const withKey = { 'x-glambdar-key': key };
    expect((await send(withKey)).status).toBe(202);
    expect((await send(withKey)).status).toBe(202);
    expect(await send(withKey)).toMatchObject({ detail: expect.stringMatching(/^4 events/) as string });
  });
});

describe('the calls of a function', () => {
  it('are limited by 30 a second from one address where it is public and says nothing else', async () => {
    await start();
    await newKey();
    deploy('open', { access: 'public' });
    const { headers } = await ask('/invoke/open');
    expect(headers.get('RateLimit-Limit')).toBe('60');
    expect(headers.get('RateLimit-Remaining')).toBe('59');
  });

  it('are limited by its setting, with a key or without, and by the address that a trusted proxy names', async () => {
    await start({ GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1', GLAMBDAR_INSECURE_NO_AUTH: 'true' });
    key = await newKey();
    deploy('slow', { rateLimit: { perAddress: 1 } });
    const from = (address: string) =>
      ask('/invoke/slow', { headers: { 'x-glambdar-key': key, 'x-forwarded-for': address } });
    for (const address of ['2001:db8::1', '2001:db8::2']) expect((await from(address)).code).toBe(letIn);
    const refused = await from('2001:db8::3');
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(refused.detail).toBe('Too many calls of this function from your address; send them more slowly.');
    expect(refused.headers.get('Retry-After')).toBe('1');
    expect(refused.headers.get('RateLimit-Limit')).toBe('2');
    expect((await from('2001:db8:0:1::1')).code).toBe(letIn);
    expect((await ask('/invoke/slow', { headers: { 'x-forwarded-for': '2001:db8::3' } })).status).toBe(401);
  });
});

describe('strangers who send their bodies slowly', () => {
  it('have one share together, and keep out nobody with a key', async () => {
    await start({ GLAMBDAR_RUNNING_CALLS: '4', GLAMBDAR_QUEUED_CALLS: '4' });
    key = await newKey(['functions:invoke']);
    deploy('open', { access: 'public', rateLimit: { perAddress: 0 } });
    const slow = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const connection = await RawConnection.open(portOf());
        connection.write('POST /invoke/open HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na');
        return connection;
      }),
    );
    const running = served.app.get(RunningCalls);
    await until(() => running.count === 4);
    expect(await ask('/invoke/open')).toMatchObject({
      code: 'RATE_LIMITED',
      detail: 'Too many calls without a key are in flight; call less often.',
    });
    for (let count = 0; count < 3; count += 1)
      expect((await ask('/invoke/open', { headers: { 'x-glambdar-key': key } })).code).toBe(letIn);
    for (const connection of slow) connection.destroy();
    await until(() => running.count === 0);
  });
});

const cors = { origins: [page], exposedHeaders: ['x-total'], maxAgeSeconds: 60 };
const preflight = {
  origin: page,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'x-glambdar-key',
};

describe('a function that names the pages which may call it', () => {
  it('has preflight requests answered before anybody is asked for a key, and errors read by its pages', async () => {
    await start({ GLAMBDAR_MANAGEMENT_PER_SECOND: '0' });
    key = await newKey();
    deploy('closed', { cors, rateLimit: { total: 1 } });
    const asked = await ask('/invoke/closed/any/path', { method: 'OPTIONS', headers: preflight });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-glambdar-key',
      'access-control-max-age': '60',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    });
    expect((await ask('/invoke/closed', { method: 'OPTIONS', headers: { origin: page } })).status).toBe(401);
    const call = (headers: Record<string, string>) =>
      ask('/invoke/closed', { headers: { origin: page, ...headers } });
    const keyed = { 'x-glambdar-key': key };
    for (const [headers, code] of [
      [{}, 'UNAUTHENTICATED'],
      [keyed, letIn],
      [keyed, letIn],
      [keyed, 'RATE_LIMITED'],
    ] as const) {
      const answer = await call(headers);
      expect(answer.code).toBe(code);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': page,
        'access-control-expose-headers': 'x-total',
        vary: 'Origin',
      });
    }
  });

  it('lets them call this function, and nothing else of a server that other pages may not call', async () => {
    await start();
    deploy('open', { cors });
    deploy('other');
    const from = (origin: string, path: string, init: RequestInit = {}) =>
      ask(path, { ...init, headers: { ...preflight, origin } });
    expect((await from(page, '/invoke/open')).code).toBe(letIn);
    expect((await from(page, '/invoke/open', { method: 'OPTIONS' })).status).toBe(204);
    for (const path of [
      '/info',
      '/settings/open',
      '/invoke/other',
      '/invoke/nobody',
      '/openapi.json',
      '/invoke/',
    ])
      expect([path, (await from(page, path)).code]).toEqual([path, 'UNKNOWN_HOST']);
    const evil = await from('https://evil.example', '/invoke/open', { method: 'POST' });
    expect(evil.code).toBe('UNKNOWN_HOST');
    expect(evil.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('does not let a page rebind a name of its own to this machine', async () => {
    await start();
    deploy('open', { access: 'public', cors: { origins: ['*'] } });
    const connection = await RawConnection.open(portOf());
    connection.write(
      'GET /invoke/open HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n',
    );
    expect((await connection.response())?.body).toContain('UNKNOWN_HOST');
    connection.destroy();
  });

  it('lets none of them call as whoever is signed in beside it', async () => {
    await start({ GLAMBDAR_MANAGEMENT_PER_SECOND: '0' });
    key = await newKey();
    deploy('closed', { cors: { ...cors, credentials: true } });
    const signedIn = await fetch(`${served.url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const call = (headers: Record<string, string>) =>
      ask('/invoke/closed', { headers: { cookie, ...headers } });
    expect((await call({})).code).toBe(letIn);
    expect((await call({ origin: served.url })).code).toBe(letIn);
    expect((await call({ origin: page })).code).toBe('UNAUTHENTICATED');
    expect((await call({ origin: page, 'x-glambdar-key': key })).code).toBe(letIn);
  });
});

describe('a function that names no pages', () => {
  it('gets preflight requests like any other where it is public, and they need a key where it is not', async () => {
    await start({ GLAMBDAR_ALLOWED_HOSTS: page, GLAMBDAR_INSECURE_NO_AUTH: 'true' });
    await newKey();
    deploy('open', { access: 'public' });
    deploy('closed');
    expect((await ask('/invoke/open', { method: 'OPTIONS', headers: preflight })).code).toBe(letIn);
    const closed = await ask('/invoke/closed', { method: 'OPTIONS', headers: preflight });
    expect(closed.status).toBe(401);
    expect(closed.headers.has('access-control-allow-origin')).toBe(false);
    expect(closed.headers.has('vary')).toBe(false);
  });
});

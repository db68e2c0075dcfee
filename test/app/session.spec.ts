import { connect } from 'node:net';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { KeyRing } from '../../src/auth/keys/key-ring.js';
import { AuditStore } from '../../src/auth/store/auth-stores.js';
import type { NewKey } from '../../src/auth/keys/new-key.js';
import { Installation } from '../../src/common/installation/installation.js';
import { startApp, type ListeningApp } from '../support/app.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
const owner = { actor: 'local', requestId: null, address: null };

let served: ListeningApp;
afterEach(() => served.close());

const makeKey = (fields: Partial<NewKey> = {}) =>
  served.app
    .get(KeyService)
    .create({ name: 'me', scopes: ['admin'], functions: null, expiresAt: null, ...fields }, owner);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** As a page of the server's own sends it. */
async function ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(served.url + path, { method, ...init });
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

const json = { 'content-type': 'application/json' };

const signIn = (key: string, headers: Record<string, string> = {}) =>
  ask('POST', '/session', { headers: { ...json, ...headers }, body: JSON.stringify({ key }) });

const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';', 1)[0] ?? '';

/** A browser that has signed in: what it sends with each request, and with those that change something. */
async function session(fields: Partial<NewKey> = {}) {
  const { key, text } = await makeKey(fields);
  const answer = await signIn(text);
  expect(answer.status).toBe(201);
  const reading = { cookie: cookieOf(answer) };
  return { key, text, reading, writing: { ...reading, 'x-glambdar-csrf': String(answer.body['csrfToken']) } };
}

describe('a server without keys', () => {
  beforeEach(async () => {
    served = await startApp(noEngine);
  });

  it('has everybody of its machine signed in, who may do everything', async () => {
    await expect(ask('GET', '/session')).resolves.toMatchObject({
      status: 200,
      body: {
        signedIn: true,
        keysRequired: false,
        key: null,
        scopes: ['admin'],
        functions: null,
        expiresAt: null,
        csrfToken: null,
      },
    });
  });

  it('wants nobody to sign in, and wants it from the first key on', async () => {
    const key = `glb_0123456789ab_${'x'.repeat(43)}`;
    await expect(signIn(key)).resolves.toMatchObject({ status: 401 });
    await makeKey();
    await expect(ask('GET', '/session')).resolves.toMatchObject({
      body: { signedIn: false, keysRequired: true, scopes: [] },
    });
    expect((await ask('GET', '/info')).status).toBe(401);
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '5' });
  });

  it('says who one is, in a cookie that scripts cannot read, and lets one do what the key may', async () => {
    const { key, text } = await makeKey({ scopes: ['functions:read'], functions: ['shop-*'] });
    const answer = await signIn(text);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        signedIn: true,
        keysRequired: true,
        key: { id: key.id, name: 'me' },
        scopes: ['functions:read'],
        functions: ['shop-*'],
        csrfToken: expect.stringMatching(/^[\w-]{43}$/) as string,
      },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { id } = served.app.get(Installation).node;
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(
        `^glambdar_session_${id}=gls_[0-9a-f]{12}_[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200$`,
      ),
    );
    const headers = { cookie: cookieOf(answer) };
    await expect(ask('GET', '/session', { headers })).resolves.toMatchObject({
      status: 200,
      body: answer.body,
    });
    expect((await ask('GET', '/info', { headers })).status).toBe(200);
    expect((await ask('GET', '/info/other', { headers })).body['code']).toBe('FORBIDDEN');
    expect((await ask('GET', '/keys', { headers })).body['code']).toBe('FORBIDDEN');
  });

  it('lasts no longer than the key', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { text } = await makeKey({ expiresAt });
    const answer = await signIn(text);
    expect(answer.body['expiresAt']).toBe(expiresAt.toISOString());
    const [, maxAge] = /Max-Age=(\d+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
    expect(Number(maxAge)).toBeLessThanOrEqual(3600);
  });

  it('refuses a wrong key in the words of every failed key, limited and logged like it', async () => {
    const { text } = await makeKey();
    const wrong = `glb_0123456789ab_${'x'.repeat(43)}`;
    const byHeader = await ask('GET', '/info', { headers: { 'x-glambdar-key': wrong } });
    const answer = await signIn(wrong);
    expect([answer.status, answer.body]).toEqual([401, byHeader.body]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    for (const key of [`${text}x`, text.slice(1), 'Bearer']) expect((await signIn(key)).status).toBe(401);
    expect((await signIn('another')).status).toBe(429);
    expect((await signIn(text)).status).toBe(201);
    const refused = (await served.app.get(AuditStore).after(0, 100)).filter(
      ({ outcome }) => outcome !== 'done',
    );
    expect(refused.map(({ actor, target }) => [actor, target])).toEqual([
      ['nobody', 'GET /info'],
      ...Array.from({ length: 4 }, () => ['nobody', 'POST /session']),
    ]);
  });

  it.each([
    [400, 'INVALID_SETTINGS', json, '{}'],
    [400, 'INVALID_SETTINGS', json, '{"key":null}'],
    [400, 'INVALID_SETTINGS', json, '{"key":["glb_secret"]}'],
    [400, 'INVALID_SETTINGS', json, '{"key":"glb_secret","more":1}'],
    [400, 'INVALID_SETTINGS', json, `{"key":"glb_secret${'x'.repeat(300)}"}`],
    [400, 'MALFORMED_REQUEST', json, '{"key":"glb_secret'],
    [413, 'PAYLOAD_TOO_LARGE', json, `{"key":"${'x'.repeat(2000)}"}`],
    [415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/plain' }, '{"key":"glb_secret"}'],
    [
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'key=glb_secret',
    ],
  ])('refuses what is no key with %d %s, and repeats nothing of it', async (status, code, headers, body) => {
    await makeKey();
    const answer = await ask('POST', '/session', { headers, body });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain('glb_secret');
  });

  it('is for no page of another origin', async () => {
    const { text } = await makeKey();
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1'])
      expect((await signIn(text, { origin })).body['code']).toBe('UNKNOWN_HOST');
  });

  it('ends the session that the browser had, and never takes one that it names', async () => {
    const { text, reading } = await session();
    const answer = await signIn(text, reading);
    expect(cookieOf(answer)).not.toBe(reading.cookie);
    expect((await ask('GET', '/info', { headers: reading })).status).toBe(401);
    const chosen = { cookie: `${cookieOf(answer).split('=')[0]}=gls_0123456789ab_${'x'.repeat(43)}` };
    const other = await signIn(text, chosen);
    expect([other.status, cookieOf(other) === chosen.cookie]).toEqual([201, false]);
  });

  it('is recorded, and so is signing out, with the request and the address', async () => {
    const { key, writing } = await session();
    await ask('DELETE', '/session', { headers: { ...writing, 'x-request-id': 'r-1' } });
    const [, created, ended] = await served.app.get(AuditStore).after(0, 100);
    const by = { actor: key.id, outcome: 'done', address: '127.0.0.1' };
    expect(created).toMatchObject({ action: 'session.create', target: expect.any(String) as string, ...by });
    expect(ended).toMatchObject({ action: 'session.end', target: created?.target, requestId: 'r-1', ...by });
  });
});

describe('a session', () => {
  beforeEach(async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1000' });
  });

  it('changes nothing without the token of its pages', async () => {
    const { reading, writing } = await session();
    for (const headers of [reading, { ...reading, 'x-glambdar-csrf': 'x' }]) {
      for (const [method, path] of [
        ['DELETE', '/del/none'],
        ['PUT', '/secrets/none/KEY'],
        ['POST', '/invoke/none'],
        ['POST', '/keys'],
        ['DELETE', '/session'],
      ] as const) {
        const answer = await ask(method, path, { headers });
        expect([answer.status, answer.body['code']]).toEqual([403, 'CSRF_TOKEN_INVALID']);
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
    }
    expect((await ask('GET', '/session', { headers: reading })).body['signedIn']).toBe(true);
    expect((await ask('DELETE', '/del/none', { headers: writing })).body['code']).toBe('FUNCTION_NOT_FOUND');
    expect((await ask('POST', '/invoke/none', { headers: writing })).body['code']).toBe('FUNCTION_NOT_FOUND');
    expect((await ask('GET', '/invoke/none', { headers: reading })).body['code']).toBe('FUNCTION_NOT_FOUND');
  });

  it('ends when its owner signs out, who may do so twice', async () => {
    const { reading, writing } = await session();
    const answer = await ask('DELETE', '/session', { headers: writing });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/=; HttpOnly; SameSite=Strict; Path=\/; Max-Age=0$/),
    ]);
    const after = await ask('GET', '/info', { headers: reading });
    expect([after.status, after.body['detail'], after.headers.get('set-cookie')]).toEqual([
      401,
      'Your session has ended: sign in again.',
      expect.stringContaining('Max-Age=0'),
    ]);
    await expect(ask('DELETE', '/session', { headers: writing })).resolves.toMatchObject({ status: 204 });
    await expect(ask('DELETE', '/session')).resolves.toMatchObject({ status: 204 });
    const shown = await ask('GET', '/session', { headers: reading });
    expect(shown).toMatchObject({ status: 200, body: { signedIn: false, key: null, csrfToken: null } });
    expect(shown.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it('ends at once when its key is revoked', async () => {
    const admin = await session();
    const other = await session();
    expect((await ask('GET', '/info', { headers: other.reading })).status).toBe(200);
    await ask('DELETE', `/keys/${other.key.id}`, { headers: admin.writing });
    expect((await ask('GET', '/info', { headers: other.reading })).status).toBe(401);
    expect((await ask('GET', '/info', { headers: admin.reading })).status).toBe(200);
  });

  it('makes way for a key in a header, and holds beside an Authorization that is the function’s', async () => {
    const admin = await session();
    const reader = await makeKey({ name: 'reader', scopes: ['functions:read'] });
    const asReader = { ...admin.writing, authorization: `Bearer ${reader.text}` };
    expect((await ask('GET', '/keys', { headers: asReader })).body['code']).toBe('FORBIDDEN');
    expect((await ask('GET', '/session', { headers: asReader })).body).toMatchObject({
      key: { name: 'reader' },
      csrfToken: null,
    });
    for (const wrong of [{ 'x-glambdar-key': 'x' }, { authorization: `Bearer ${reader.text}x` }])
      expect((await ask('GET', '/keys', { headers: { ...admin.reading, ...wrong } })).status).toBe(401);
    const basic = { ...admin.writing, authorization: 'Basic Z2xiOng=' };
    expect((await ask('POST', '/invoke/none', { headers: basic })).body['code']).toBe('FUNCTION_NOT_FOUND');
  });

  it('is asked for with a key in a header as well: a program learns what it may', async () => {
    const { text } = await makeKey({ scopes: ['logs:read'] });
    const answer = await ask('GET', '/session', { headers: { authorization: `Bearer ${text}` } });
    expect(answer.body).toMatchObject({
      signedIn: true,
      scopes: ['logs:read'],
      expiresAt: null,
      csrfToken: null,
    });
    const wrong = await ask('GET', '/session', { headers: { authorization: 'Bearer glb_x' } });
    expect([wrong.status, wrong.body['signedIn']]).toEqual([200, false]);
  });

  it('is limited like its key', async () => {
    await served.close();
    served = await startApp({
      ...noEngine,
      GLAMBDAR_MANAGEMENT_PER_SECOND: '1',
      GLAMBDAR_MANAGEMENT_BURST: '3',
    });
    const { text, reading } = await session();
    for (const status of [200, 200, 429])
      expect((await ask('GET', '/info', { headers: reading })).status).toBe(status);
    expect((await signIn(text)).status).toBe(429);
  });

  it('counts as a use of its key', async () => {
    const { key, reading } = await session();
    await ask('GET', '/info', { headers: reading });
    expect(served.app.get(KeyRing).get(key.id)?.key.lastUsedOn).not.toBeNull();
  });

  it('survives a restart of the server', async () => {
    const { reading } = await session();
    const { directory } = served.app.get(Installation);
    const first = served;
    await first.stop();
    served = await startApp({ ...noEngine, GLAMBDAR_DIR: directory });
    expect((await ask('GET', '/info', { headers: reading })).status).toBe(200);
    // The directory is the first one's to remove.
    await served.close();
    served = first;
  });

  it('answers HEAD and OPTIONS as it answers others', async () => {
    const { reading } = await session();
    expect((await ask('HEAD', '/session', { headers: reading })).status).toBe(200);
    const options = await ask('OPTIONS', '/session', { headers: reading });
    expect([options.status, options.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, POST']);
  });
});

/** The code of a request's answer with headers that `fetch` would join. */
function codeOf(...lines: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => {
      resolve(/"code":"(\w+)"/.exec(text)?.[1]);
    });
    socket.on('error', reject);
    const head = ['GET /info HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
  });
}

describe('what a request shows', () => {
  beforeEach(async () => {
    served = await startApp(noEngine);
  });

  it('is one Authorization: Node would keep the first of two', async () => {
    const { text } = await makeKey();
    await expect(codeOf(`Authorization: Bearer ${text}`)).resolves.toBeUndefined();
    for (const other of [`Bearer ${text}`, 'Basic x'])
      await expect(codeOf(`Authorization: Bearer ${text}`, `authorization: ${other}`)).resolves.toBe(
        'MALFORMED_REQUEST',
      );
  });

  it.each(['Basic Z2xiOng=', 'Bearer', 'Bearer ', 'Digest x'])(
    'is told which scheme is wanted: %s',
    async (authorization) => {
      await makeKey();
      const answer = await ask('GET', '/info', { headers: { authorization } });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(answer.body['detail']).toContain('"Authorization: Bearer <key>"');
    },
  );

  it('is one session: of two cookies none is taken', async () => {
    const { reading } = await session();
    await expect(codeOf(`Cookie: ${reading.cookie}`)).resolves.toBeUndefined();
    await expect(codeOf(`Cookie: ${reading.cookie}`, `Cookie: ${reading.cookie}`)).resolves.toBe(
      'UNAUTHENTICATED',
    );
  });
});

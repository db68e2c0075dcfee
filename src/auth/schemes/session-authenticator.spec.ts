import {
  InMemoryAuditStore,
  InMemoryKeyStore,
  InMemorySessionStore,
} from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry, settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest } from '../../../test/support/builders/request.js';
import { Installation } from '../../common/installation/installation.js';
import { authSettings } from '../auth.settings.js';
import { TrustedProxies } from '../http/trusted-proxies.js';
import { KeyRing } from '../keys/key-ring.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { SessionRing } from '../sessions/session-ring.js';
import { csrfTokenOf, longestSessionMs, sessionTokens } from '../sessions/session.js';
import { SessionAuthenticator } from './session-authenticator.js';

const name = 'glambdar_session_0123abcd';

async function world() {
  const [audit, clock] = [new InMemoryAuditStore(), new ManualClock()];
  const keys = new InMemoryKeyStore(audit);
  const key = apiKey({ functions: ['shop-*'] });
  await keys.insert(key, auditEntry());
  const ring = new KeyRing(keys, clock, new RecordingLog());
  await ring.load();
  const limits = { perKey: 9, total: 9 };
  const sessions = new SessionRing(
    new InMemorySessionStore(audit, keys),
    ring,
    clock,
    limits,
    () => undefined,
  );
  const { session, text } = await sessions.start(
    key,
    { actor: key.id, requestId: null, address: null },
    undefined,
  );
  const proxies = new TrustedProxies(settingsFor(authSettings, { trustedProxies: '192.0.2.1' }));
  const cookie = new SessionCookie(Installation.at('/srv', '0123abcd'), proxies);
  const scheme = new SessionAuthenticator(sessions, ring, cookie);
  const authenticated = (headers: Record<string, string>, method = 'GET') =>
    scheme.authenticate(httpRequest({ headers, method }));
  const requested = (request: Parameters<typeof scheme.authenticate>[0]) => scheme.authenticate(request);
  return { key, clock, session, text, cookie, authenticated, requested };
}

describe('the scheme of sessions', () => {
  it('knows whose session it is, and that they came by one', async () => {
    const { key, session, text, authenticated } = await world();
    expect(authenticated({ cookie: `a=1; ${name}=${text}` })).toMatchObject({
      keyId: key.id,
      sessionId: session.id,
      scopes: key.scopes,
      reach: { isLimited: true },
    });
  });

  it.each([{}, { cookie: 'a=1' }, { cookie: 'glambdar_session_another1=x' }])(
    'leaves a request without one to the next scheme: %j',
    async (headers) => {
      expect((await world()).authenticated(headers as Record<string, string>)).toBeUndefined();
    },
  );

  it.each([
    { 'x-glambdar-key': 'glb_x' },
    { 'x-glambdar-key': '' },
    { authorization: 'Bearer glb_x' },
    { authorization: 'bEARER   GLB_x' },
  ])('makes way for a key in a header, valid or not: %j', async (headers) => {
    const { text, authenticated } = await world();
    expect(authenticated({ ...(headers as object), cookie: `${name}=${text}` })).toBeUndefined();
  });

  it.each(['Basic Z2xiOng=', 'Bearer of the function', 'Bearer'])(
    'holds beside an Authorization that is the function’s: %s',
    async (authorization) => {
      const { text, session, authenticated } = await world();
      expect(authenticated({ authorization, cookie: `${name}=${text}` })).toMatchObject({
        sessionId: session.id,
      });
    },
  );

  const clearing = { 'Set-Cookie': expect.stringMatching(new RegExp(`^${name}=;.* Max-Age=0$`)) as string };

  it.each(['', 'x', 'gls_', `gls_0123456789ab_${'x'.repeat(43)}`, 'x'.repeat(10_000)])(
    'refuses a cookie that is no session, and takes it from the browser: %j',
    async (value) => {
      expect((await world()).authenticated({ cookie: `${name}=${value}` })).toMatchObject({
        code: 'UNAUTHENTICATED',
        message: 'Your session has ended: sign in again.',
        headers: clearing,
      });
    },
  );

  it('says so of one that has ended, too', async () => {
    const { clock, text, authenticated } = await world();
    clock.advance(longestSessionMs);
    expect(authenticated({ cookie: `${name}=${text}` })).toMatchObject({
      message: 'Your session has ended: sign in again.',
      headers: clearing,
    });
  });

  it('takes none of two: somebody else may have set one of them', async () => {
    const { text, authenticated } = await world();
    const other = sessionTokens.mint().text;
    for (const cookie of [`${name}=${text}; ${name}=${other}`, `${name}=${text}; ${name}=${text}`])
      expect(authenticated({ cookie })).toMatchObject({
        message: expect.stringContaining('more than one session cookie') as string,
        headers: clearing,
      });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])(
    'wants the token of its pages for %s',
    async (method) => {
      const { session, text, authenticated } = await world();
      const cookie = `${name}=${text}`;
      for (const headers of [{}, { 'x-glambdar-csrf': '' }, { 'x-glambdar-csrf': csrfTokenOf('another') }])
        expect(authenticated({ cookie, ...headers }, method)).toMatchObject({
          code: 'CSRF_TOKEN_INVALID',
          headers: {},
        });
      expect(authenticated({ cookie, 'x-glambdar-csrf': csrfTokenOf(text) }, method)).toMatchObject({
        sessionId: session.id,
      });
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS'])('wants none for %s, which changes nothing', async (method) => {
    const { session, text, authenticated } = await world();
    expect(authenticated({ cookie: `${name}=${text}` }, method)).toMatchObject({ sessionId: session.id });
  });
});

describe('the cookie', () => {
  const proxied = (headers: Record<string, string>) =>
    httpRequest({ remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': '203.0.113.9', ...headers } });

  it('is kept from scripts and from other sites, as long as the session lasts', async () => {
    const { cookie } = await world();
    expect(cookie.set(httpRequest(), 'gls_x', longestSessionMs)).toBe(
      `${name}=gls_x; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200`,
    );
    expect(cookie.set(httpRequest(), 'gls_x', 1)).toContain('Max-Age=1');
  });

  it('goes over TLS only where the client came by TLS, as a trusted proxy says', async () => {
    const { cookie } = await world();
    expect(cookie.set(proxied({ 'x-forwarded-proto': 'https' }), 'x', 1)).toMatch(/; Secure$/);
    expect(cookie.set(proxied({ 'x-forwarded-proto': 'http' }), 'x', 1)).not.toContain('Secure');
    const forged = httpRequest({ headers: { 'x-forwarded-proto': 'https' } });
    expect(cookie.set(forged, 'x', 1)).not.toContain('Secure');
  });

  it('has a name over TLS that pages of neighbouring hosts cannot set: theirs beside it keeps nobody out', async () => {
    const { session, text, cookie, requested } = await world();
    const https = { 'x-forwarded-proto': 'https' };
    expect(cookie.set(proxied(https), 'x', 1)).toMatch(
      new RegExp(`^__Host-${name}=x; .*; Path=/; .*; Secure$`),
    );
    const theirs = `${name}=gls_theirs`;
    const own = `__Host-${name}=${text}`;
    expect(requested(proxied({ ...https, cookie: `${theirs}; ${own}` }))).toMatchObject({
      sessionId: session.id,
    });
    expect(requested(proxied({ ...https, cookie: theirs }))).toBeUndefined();
    // Browsers refuse the prefix below a path.
    const below = proxied({ ...https, 'x-forwarded-prefix': '/fn' });
    expect(cookie.set(below, 'x', 1)).toMatch(new RegExp(`^${name}=x; .*; Path=/fn; `));
  });

  it.each([
    ['/fn', '/fn'],
    ['/fn;a', '/'],
  ])(
    'is for the path of which a trusted proxy says that the server is below it: %s',
    async (prefix, path) => {
      const { cookie } = await world();
      const request = proxied({ 'x-forwarded-prefix': prefix });
      expect(cookie.set(request, 'x', 1)).toContain(`; Path=${path}; `);
      expect(cookie.clear(request)).toContain(`; Path=${path}; `);
    },
  );
});

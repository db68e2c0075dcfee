import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeAuthenticator } from '../../../test/fakes/fake-authenticator.js';
import { InMemoryAuditStore, InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry, settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest, responseTo, type RequestOptions } from '../../../test/support/builders/request.js';
import { callerOf, everyFunction, reachOf } from '../../common/auth/caller.js';
import { RateLimitDenials, UnauditedDenials } from '../../common/counters.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { DenialLog } from '../audit/denial-log.js';
import { authSettings } from '../auth.settings.js';
import { keyTokens } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { RequestLimits } from '../rate-limits/request-limits.js';
import { Authentication } from '../schemes/authentication.js';
import { BearerAuthenticator } from '../schemes/bearer-authenticator.js';
import { AccessControl } from './access-control.js';
import type { Wanted } from './authorization.js';
import { TrustedProxies } from './trusted-proxies.js';

const call: Wanted = { scope: 'functions:invoke', functionName: 'hello', isKeptByHandler: false };

/** A server with one key and two schemes: bearer, and one of whoever says their name in `x-name`. */
async function server({ hasKey = true, failedAuthenticationsPerMinute = 10 } = {}) {
  const [store, audit] = [new InMemoryKeyStore(), new InMemoryAuditStore()];
  const [clock, log, tally] = [new ManualClock(), new RecordingLog(), new RateLimitDenials()];
  const { id, text, secretHash } = keyTokens.mint();
  if (hasKey) await store.insert(apiKey({ id, secretHash, scopes: ['functions:invoke'] }), auditEntry());
  const keys = new KeyRing(store, clock, log);
  await keys.load();
  await keys.refresh();
  const settings = settingsFor(authSettings, { failedAuthenticationsPerMinute });
  const name = new FakeAuthenticator('Name');
  const access = new AccessControl(
    keys,
    new Authentication([name, new BearerAuthenticator(keys)]),
    new TrustedProxies(settings),
    new RequestLimits(clock, tally, settings),
    new DenialLog(audit, clock, log, new UnauditedDenials(), settings, settingsFor(fairShareSettings)),
    new SendBudget({ total: 1, share: 1 }, clock),
  );
  return { access, name, id, text, audit, log, tally };
}

type Server = Awaited<ReturnType<typeof server>>;

/** The code of the error that answers the request; undefined where it comes in. */
async function answerOf(
  { access }: Server,
  headers: RequestOptions['headers'] = {},
  wanted = call,
): Promise<{ readonly code: unknown; readonly request: IncomingMessage; readonly response: ServerResponse }> {
  const request = httpRequest({ headers, remoteAddress: '192.0.2.7' });
  const response = responseTo(request);
  try {
    await access.admit(request, response, wanted);
    return { code: undefined, request, response };
  } catch (error) {
    return { code: (error as { code?: unknown }).code, request, response };
  }
}

describe('a request to a server with keys', () => {
  it('is admitted by whichever scheme knows who sends it', async () => {
    const served = await server();
    served.name.knows('ann', { keyId: 'ann', scopes: ['functions:invoke'], reach: everyFunction });
    const byName = await answerOf(served, { 'x-name': 'ann' });
    const byKey = await answerOf(served, { authorization: `Bearer ${served.text}` });
    expect([byName.code, byKey.code]).toEqual([undefined, undefined]);
    expect([callerOf(byName.request), callerOf(byKey.request)]).toMatchObject([
      { keyId: 'ann', address: '192.0.2.7' },
      { keyId: served.id, address: '192.0.2.7' },
    ]);
  });

  it('is refused by the scheme whose credential it shows, though another knows who it is', async () => {
    const served = await server();
    const { code, response } = await answerOf(served, {
      'x-name': 'eve',
      authorization: `Bearer ${served.text}`,
    });
    expect(code).toBe('UNAUTHENTICATED');
    expect(response.getHeader('WWW-Authenticate')).toEqual(['Name reason="invalid"', 'Bearer']);
  });

  it('is challenged by every scheme where it shows nothing', async () => {
    const { code, response } = await answerOf(await server());
    expect(code).toBe('UNAUTHENTICATED');
    expect(response.getHeader('WWW-Authenticate')).toEqual(['Name reason="missing"', 'Bearer']);
  });

  it.each([
    ['nothing', {}],
    ['a credential of the first scheme', { 'x-name': 'eve' }],
    ['a credential of the last scheme', { authorization: 'Bearer wrong' }],
    ['credentials of both', { 'x-name': 'eve', authorization: 'Bearer wrong' }],
  ])('is counted and logged once where it shows %s in vain', async (_, headers) => {
    const served = await server({ failedAuthenticationsPerMinute: 2 });
    const first = await answerOf(served, headers);
    expect(first.response.getHeader('RateLimit-Remaining')).toBe(1);
    expect(served.log.messagesAt('warn')).toEqual(['a request was denied']);
    await expect(served.audit.after(0, 10)).resolves.toMatchObject([
      { actor: 'nobody', outcome: 'UNAUTHENTICATED', address: '192.0.2.7' },
    ]);
    expect((await answerOf(served, headers)).code).toBe('UNAUTHENTICATED');
    expect((await answerOf(served, headers)).code).toBe('RATE_LIMITED');
    expect(served.tally.byKind).toEqual({ failures: 1 });
    await expect(served.audit.after(0, 10)).resolves.toHaveLength(2);
  });

  it.each([
    ['scope', { scopes: ['logs:read'], reach: everyFunction }, true],
    ['function', { scopes: ['functions:invoke'], reach: reachOf(['shop-*']) }, false],
  ] as const)('may no more than its caller, by any scheme: another %s', async (_, may, lacksScope) => {
    const served = await server();
    served.name.knows('ann', { keyId: 'ann', ...may });
    const { code, response } = await answerOf(served, { 'x-name': 'ann' });
    expect(code).toBe('FORBIDDEN');
    expect(response.getHeader('WWW-Authenticate')).toEqual(
      lacksScope
        ? ['Name reason="insufficient-scope"', 'Bearer error="insufficient_scope", scope="functions:invoke"']
        : undefined,
    );
    await expect(served.audit.after(0, 10)).resolves.toMatchObject([{ actor: 'ann', outcome: 'FORBIDDEN' }]);
  });

  it('is answered on a public route whatever it shows, and shown what a stranger may see', async () => {
    const served = await server();
    for (const headers of [{}, { 'x-name': 'eve' }]) {
      const request = httpRequest({ headers });
      await served.access.enter(
        { access: { kind: 'public' }, functionName: undefined },
        request,
        responseTo(request),
      );
      expect(callerOf(request)).toMatchObject({ keyId: undefined, scopes: [], reach: { isLimited: true } });
    }
    expect(served.log.lines).toEqual([]);
  });
});

describe('a request for what anybody may have', () => {
  async function guest(served: Server, headers: RequestOptions['headers'] = {}) {
    const request = httpRequest({ headers, remoteAddress: '192.0.2.7' });
    const response = responseTo(request);
    await served.access.admitAnybody(request, response, call);
    return { request, response, caller: callerOf(request) };
  }

  it.each([
    ['nothing', {}],
    ['a credential that a scheme refuses', { 'x-name': 'eve' }],
    ['a key that there is not', { authorization: 'Bearer glb_wrong' }],
    ['something of the function', { authorization: 'Basic YTpi' }],
    ['a key of this server that there is not', { 'x-glambdar-key': 'wrong' }],
  ])('is a stranger’s where it shows %s, and nothing is counted or logged', async (_, headers) => {
    const served = await server({ failedAuthenticationsPerMinute: 1 });
    for (let count = 0; count < 3; count += 1) {
      const { caller, response } = await guest(served, headers);
      expect(caller).toMatchObject({
        keyId: undefined,
        scopes: [],
        reach: { isLimited: true },
        address: '192.0.2.7',
      });
      expect(response.getHeaderNames()).toEqual([]);
    }
    expect(served.log.lines).toEqual([]);
    expect(served.tally.byKind).toEqual({});
  });

  it('is known by a good key', async () => {
    const served = await server();
    const { caller } = await guest(served, { authorization: `Bearer ${served.text}` });
    expect(caller).toMatchObject({ keyId: served.id, scopes: ['functions:invoke'] });
  });

  it('is known by a good key beside a bad one, so that the function does not see it', async () => {
    const served = await server();
    const headers = { authorization: `Bearer ${served.text}`, 'x-glambdar-key': 'wrong' };
    const { caller, request } = await guest(served, headers);
    expect(caller).toMatchObject({ keyId: served.id });
    expect(request.headers).not.toHaveProperty('x-glambdar-key');
  });

  it.each([
    ['another scope', { scopes: ['logs:read'], reach: everyFunction }],
    ['another function', { scopes: ['functions:invoke', 'logs:read'], reach: reachOf(['shop-*']) }],
  ] as const)('has the share of its key, and a stranger’s rights, with a key for %s', async (_, may) => {
    const served = await server();
    served.name.knows('ann', { keyId: 'ann', ...may });
    const { caller } = await guest(served, { 'x-name': 'ann' });
    expect(caller).toMatchObject({ keyId: 'ann', scopes: [], reach: { isLimited: true } });
  });

  it('is its owner’s on a server without keys', async () => {
    const { caller } = await guest(await server({ hasKey: false }));
    expect(caller).toMatchObject({ keyId: undefined, scopes: ['admin'] });
  });
});

describe('a request to a server without keys', () => {
  it('is from its owner, whatever it shows', async () => {
    const served = await server({ hasKey: false });
    for (const headers of [{}, { 'x-name': 'eve' }, { authorization: 'Bearer of the function' }]) {
      const { code, request } = await answerOf(served, headers);
      expect(code).toBeUndefined();
      expect(callerOf(request)).toMatchObject({ keyId: undefined, scopes: ['admin'], reach: everyFunction });
    }
  });
});

describe('a route that does not declare who may call it', () => {
  it('answers nobody', async () => {
    const served = await server({ hasKey: false });
    const request = httpRequest();
    expect(() =>
      served.access.enter({ access: undefined, functionName: undefined }, request, responseTo(request)),
    ).toThrow('not open to anyone');
  });
});

import type { IncomingHttpHeaders } from 'node:http';
import { InMemoryAuditStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest, type RequestOptions, responseTo } from '../../../test/support/builders/request.js';
import type { ForwardedUrl } from '../../common/auth/caller.js';
import { UnauditedDenials } from '../../common/counters.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { DenialLog } from '../audit/denial-log.js';
import { authSettings } from '../auth.settings.js';
import { parseAllowedHosts } from './allowed-hosts.js';
import {
  type Asked,
  closedToPages,
  type EntryTarget,
  HostCheck,
  hostRefusal,
  pageRefusal,
  requestProblem,
} from './entry-checks.js';
import { TrustedProxies } from './trusted-proxies.js';

/** A request as Node gives it, of these raw headers. */
function requestOf(
  ...lines: readonly (readonly [name: string, value: string])[]
): Parameters<typeof requestProblem>[0] {
  const headers = Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
  return { rawHeaders: lines.flat(), headers, httpVersion: '1.1' };
}

const host = ['Host', 'x'] as const;

describe('a request that Node would read otherwise than a proxy', () => {
  it.each(['gzip, chunked', 'x, chunked', 'chunked, chunked', 'xchunked', 'identity', ''])(
    'is refused for its transfer coding: %j',
    (coding) => {
      expect(requestProblem(requestOf(host, ['Transfer-Encoding', coding]))).toMatchObject({
        code: 'UNSUPPORTED_TRANSFER_CODING',
      });
    },
  );

  it.each(['chunked', 'Chunked', ' chunked '])('is taken with %j', (coding) => {
    expect(requestProblem(requestOf(host, ['Transfer-Encoding', coding]))).toBeUndefined();
  });

  it.each([
    ['no host', []],
    ['two', [host, ['HOST', 'y']]],
    ['the same twice', [host, host]],
  ] as const)('is refused where it names %s', (_, lines) => {
    expect(requestProblem(requestOf(...lines))).toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('has one Authorization: Node would keep the first of two', () => {
    const twice = requestOf(host, ['Authorization', 'Bearer a'], ['authorization', 'Bearer b']);
    expect(requestProblem(twice)).toMatchObject({
      code: 'MALFORMED_REQUEST',
      message: expect.stringContaining('more than one header Authorization') as string,
    });
    expect(requestProblem(requestOf(host, ['Authorization', 'Bearer a']))).toBeUndefined();
  });

  it('may name no host in HTTP/1.0', () => {
    expect(requestProblem({ ...requestOf(), httpVersion: '1.0' })).toBeUndefined();
  });
});

const allowed = parseAllowedHosts('fn.example.com, App.example.com:8443, https://shop.example.com')!;

describe('the host that a request names', () => {
  it.each([
    'localhost',
    'localhost:8000',
    'LOCALHOST:1',
    '127.0.0.1',
    '127.0.0.1:8000',
    '[::1]',
    '[::1]:8000',
    'fn.example.com',
    'fn.example.com:8000',
    'app.example.com:443',
  ])('may be %s', (host) => {
    expect(hostRefusal({ host }, allowed, undefined)).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    'localhost.',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost:8000:8000',
    '[::1',
    'x.fn.example.com',
    'shop.example.com',
  ])('may not be %j', (host) => {
    expect(hostRefusal(host === undefined ? {} : { host }, allowed, undefined)).toContain(
      'GLAMBDAR_ALLOWED_HOSTS',
    );
  });
});

describe('the page that a request comes from', () => {
  const unforwarded = () => undefined;
  const from = (headers: IncomingHttpHeaders, forwarded: () => ForwardedUrl | undefined = unforwarded) =>
    pageRefusal({ host: 'localhost:8000', ...headers }, allowed, closedToPages.management, forwarded);

  it.each([
    'http://localhost:8000',
    'HTTP://LOCALHOST:8000',
    'http://fn.example.com',
    'https://fn.example.com',
    'https://app.example.com:8443',
    'http://app.example.com:8443',
    'https://shop.example.com',
  ])('may be of %s', (origin) => {
    expect(from({ origin })).toBeUndefined();
    expect(from({ origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).toBeUndefined();
  });

  it.each([
    'http://localhost',
    'http://localhost:3000',
    'https://localhost:8000',
    'http://127.0.0.1:8000',
    'http://[::1]:8000',
    'http://evil.example',
    'http://localhost.evil.example:8000',
    'https://fn.example.com:8443',
    'https://app.example.com',
    'http://shop.example.com',
    'https://shop.example.com:444',
  ])('may not be of %s, and the answer says what to allow', (origin) => {
    expect(from({ origin })).toContain(`add ${origin} to GLAMBDAR_ALLOWED_HOSTS`);
    expect(from({ origin, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })).toBeDefined();
  });

  it.each([
    'null',
    '',
    'file://',
    'http://localhost:8000@evil.example',
    'http://evil.example/localhost:8000',
  ])('may not be of %j, which nobody can allow', (origin) => {
    expect(from({ origin })).toContain('does not name');
    expect(from({ origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).toBeDefined();
  });

  it.each([
    ['http://localhost', 'localhost', 'localhost:80'],
    ['http://localhost', 'localhost:80', 'localhost'],
    ['http://[::1]:8000', '[::1]:8000', '[::1]'],
    ['http://192.0.2.7:8000', '192.0.2.7:8000', '192.0.2.7:8001'],
  ])('may be %s where the server was called as %s', (origin, host, another) => {
    expect(from({ origin, host })).toBeUndefined();
    const isSame = another.replace(':80', '') === host.replace(':80', '');
    expect(from({ origin, host: another }) === undefined).toBe(isSame);
  });

  it('is compared with the URL that trusted proxies say the client called', () => {
    const called = (scheme: 'http' | 'https', host: string) => () => ({ scheme, host, prefix: '' });
    const origin = 'https://lambda.example:9000';
    expect(from({ origin }, called('https', 'lambda.example:9000'))).toBeUndefined();
    expect(from({ origin }, called('http', 'lambda.example:9000'))).toBeDefined();
    expect(from({ origin }, called('https', 'lambda.example'))).toBeDefined();
    expect(from({ origin: 'http://localhost:8000' }, called('https', 'lambda.example'))).toBeDefined();
  });

  it('is of the same origin where the browser says so, whatever a proxy has made of the host', () => {
    expect(from({ origin: 'https://lambda.example', 'sec-fetch-site': 'same-origin' })).toBeUndefined();
  });

  it.each(['cross-site', 'same-site'])(
    'is told by the browser also where it names no origin, as for images: %s',
    (site) => {
      const image = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      expect(from(image)).toBeDefined();
      expect(from({ ...image, referer: 'http://localhost:3000/page' })).toContain(
        'add http://localhost:3000 to',
      );
      expect(from({ ...image, referer: 'http://evil.example/https://shop.example.com' })).toBeDefined();
      expect(from({ ...image, referer: 'https://shop.example.com/page?q#f' })).toBeUndefined();
    },
  );

  it.each(['same-origin', 'none'])('is none or our own where the browser says %s', (site) => {
    expect(from({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).toBeUndefined();
  });

  it.each(['cross-site', 'same-site'])('does not matter when somebody follows a link: %s', (site) => {
    expect(from({ 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })).toBeUndefined();
  });

  it('does not matter where there is none', () => {
    expect(from({})).toBeUndefined();
  });
});

describe('a page that a function lets call', () => {
  const open = (...pages: string[]): EntryTarget => ({
    asked: 'call',
    isOpenTo: (page) => pages.includes(page),
  });
  const from = (headers: IncomingHttpHeaders, target = open('https://a.example', 'app://b')) =>
    pageRefusal({ host: 'localhost:8000', ...headers }, allowed, target, () => undefined);

  it.each<IncomingHttpHeaders>([
    { origin: 'https://a.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    { origin: 'app://b', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    { referer: 'https://a.example/x', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  ])('may call it: %j', (headers) => {
    expect(from(headers)).toBeUndefined();
    expect(from(headers, closedToPages.management)).toBeDefined();
  });

  it.each<IncomingHttpHeaders>([
    { origin: 'https://b.example' },
    { origin: 'null' },
    { referer: 'https://b.example/x', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  ])('lets no other call it: %j', (headers) => {
    expect(from(headers)).toBeDefined();
  });

  it('is any page where it lets any call, one without a name among them', () => {
    const any: EntryTarget = { asked: 'call', isOpenTo: () => true };
    expect(from({ origin: 'null' }, any)).toBeUndefined();
    expect(from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, any)).toBeUndefined();
  });

  it('is told of the setting where there is none', () => {
    expect(from({ origin: 'https://b.example' })).toContain('to the setting cors of the function');
    expect(from({ origin: 'https://b.example' }, closedToPages.management)).not.toContain('cors');
  });
});

describe('where hosts and pages are checked', () => {
  const store = new InMemoryAuditStore();
  const check = (allowedHosts: string) => {
    const settings = settingsFor(authSettings, { allowedHosts, trustedProxies: '192.0.2.1' });
    const [clock, log, tally] = [new ManualClock(), new RecordingLog(), new UnauditedDenials()];
    const denials = new DenialLog(store, clock, log, tally, settings, settingsFor(fairShareSettings));
    return new HostCheck(new TrustedProxies(settings), denials, settings);
  };
  const codeOf = (
    options: RequestOptions,
    { asked = 'call', allowedHosts = '' }: { asked?: Asked; allowedHosts?: string } = {},
  ) => {
    const request = httpRequest(options);
    return check(allowedHosts).problemOf(request, responseTo(request), closedToPages[asked])?.code;
  };

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is the loopback address: %s', (localAddress) => {
    expect(codeOf({ localAddress, headers: { host: 'evil.example' } })).toBe('UNKNOWN_HOST');
    expect(codeOf({ localAddress, headers: { host: 'localhost' } })).toBeUndefined();
  });

  it('is every address once the operator has named a host', () => {
    const elsewhere = { localAddress: '192.0.2.7', headers: { host: 'evil.example' } };
    expect(codeOf(elsewhere)).toBeUndefined();
    expect(codeOf(elsewhere, { allowedHosts: 'fn.example.com' })).toBe('UNKNOWN_HOST');
  });

  it('is every address for pages, but for their calls', () => {
    const page = { localAddress: '192.0.2.7', headers: { host: 'x', origin: 'http://evil.example' } };
    expect(codeOf(page)).toBeUndefined();
    expect(codeOf(page, { asked: 'management' })).toBe('UNKNOWN_HOST');
  });

  it('knows hosts of functions, and no pages but theirs', () => {
    const at = (origin: string) => ({
      localAddress: '127.0.0.1',
      headers: { host: 'hello.fn.example.com', origin },
    });
    const asked = 'own-host';
    expect(codeOf(at('http://hello.fn.example.com'), { asked })).toBeUndefined();
    expect(codeOf(at('http://other.fn.example.com'), { asked })).toBe('UNKNOWN_HOST');
    expect(codeOf(at('http://hello.fn.example.com'))).toBe('UNKNOWN_HOST');
  });

  it.each([
    ['192.0.2.7:8000', '192.0.2.7'],
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['[2001:db8::7]:8000', '2001:db8::7'],
  ])('lets requests name the address at which they have arrived: %s', (host, localAddress) => {
    const allowedHosts = 'fn.example.com';
    expect(codeOf({ localAddress, headers: { host } }, { allowedHosts })).toBeUndefined();
    expect(codeOf({ localAddress: '192.0.2.8', headers: { host } }, { allowedHosts })).toBe('UNKNOWN_HOST');
  });

  it("logs a denial with the client's own address", async () => {
    const headers = { host: 'evil.example', 'x-forwarded-for': '203.0.113.9' };
    codeOf({ headers, remoteAddress: '192.0.2.1' });
    expect((await store.after(0, 1000)).at(-1)).toMatchObject({
      actor: 'nobody',
      outcome: 'UNKNOWN_HOST',
      address: '203.0.113.9',
    });
  });
});

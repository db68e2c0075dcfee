import type { IncomingHttpHeaders } from 'node:http';
import type { ForwardedUrl } from '../../common/auth/caller.js';
import { parseAllowedHosts } from './allowed-hosts.js';
import { hostRefusal, pageRefusal } from './host-check.js';

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
    expect(hostRefusal({ host }, allowed)).toBeUndefined();
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
    expect(hostRefusal(host === undefined ? {} : { host }, allowed)).toContain('GLAMBDAR_ALLOWED_HOSTS');
  });

  it.each([
    ['192.0.2.7:8000', '192.0.2.7'],
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['[2001:db8::7]:8000', '2001:db8::7'],
  ])('may be the address at which it has arrived: %s', (host, localAddress) => {
    expect(hostRefusal({ host }, allowed, localAddress)).toBeUndefined();
    expect(hostRefusal({ host }, allowed, '192.0.2.8')).toBeDefined();
  });
});

describe('the page that a request comes from', () => {
  const unforwarded = () => undefined;
  const from = (headers: IncomingHttpHeaders, forwarded: () => ForwardedUrl | undefined = unforwarded) =>
    pageRefusal({ host: 'localhost:8000', ...headers }, allowed, forwarded);

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

import { hostRefusal, knownHosts } from './known-host.js';

const known = knownHosts('fn.example.com, App.example.com');

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
    'app.example.com:443',
  ])('may be %s', (host) => {
    expect(hostRefusal({ host }, known)).toBeUndefined();
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
  ])('may not be %j', (host) => {
    expect(hostRefusal(host === undefined ? {} : { host }, known)).toContain('GLAMBDAR_ALLOWED_HOSTS');
  });

  it.each([
    ['192.0.2.7:8000', '192.0.2.7'],
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['[2001:db8::7]:8000', '2001:db8::7'],
  ])('may be the address at which it has arrived: %s', (host, localAddress) => {
    expect(hostRefusal({ host }, known, localAddress)).toBeUndefined();
    expect(hostRefusal({ host }, known, '192.0.2.8')).toBeDefined();
    expect(hostRefusal({ host, origin: `http://${host}` }, known, localAddress)).toBeDefined();
  });
});

describe('the page that a request comes from', () => {
  const from = (headers: object) => hostRefusal({ host: 'localhost:8000', ...headers }, known);

  it.each(['http://localhost:8000', 'http://localhost:3000', 'https://app.example.com', 'http://[::1]:8000'])(
    'may be of %s',
    (origin) => {
      expect(from({ origin })).toBeUndefined();
    },
  );

  it.each([
    'http://evil.example',
    'http://localhost.evil.example',
    'http://evil.example/localhost',
    'null',
    '',
    'file://',
    'http://localhost@evil.example',
  ])('may not be of %j', (origin) => {
    expect(from({ origin })).toContain('web page of another host');
  });

  it('is told by the browser also where it names no origin, as for images', () => {
    expect(from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBeDefined();
    expect(from({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' })).toBeUndefined();
  });

  it('does not matter when somebody follows a link', () => {
    expect(from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined();
  });
});

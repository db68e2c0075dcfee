import { objectProblem } from '../../common/input/field-rules.js';
import { CorsRuleDto, hostsProblem, RateLimitRule } from './access-rules.js';

const corsProblem = (cors: unknown) => objectProblem(CorsRuleDto, cors, 'cors');

describe('the setting rateLimit', () => {
  it.each([{}, { perAddress: 0 }, { perAddress: 1, total: 1_000_000 }])('may be %j', (limit) => {
    expect(objectProblem(RateLimitRule, limit, 'rateLimit')).toBeUndefined();
  });

  it.each([null, [], 30, '30', { perAddress: null }, { perAddress: -1 }, { total: 1.5 }, { perKey: 1 }])(
    'may not be %j',
    (limit) => {
      expect(objectProblem(RateLimitRule, limit, 'rateLimit')).toMatch(/rateLimit/);
    },
  );
});

describe('the setting cors', () => {
  it.each([
    '*',
    'https://app.example.com',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'https://xn--bcher-kva.example',
    'capacitor://localhost',
    'chrome-extension://ponmlkjihgfedcba',
  ])('may name the origin %s', (origin) => {
    expect(corsProblem({ origins: [origin] })).toBeUndefined();
  });

  it.each([
    '',
    'null',
    'app.example.com',
    'https://',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?a',
    'https://user@app.example.com',
    'https://App.example.com',
    'HTTPS://app.example.com',
    'https://app.example.com:443',
    'http://app.example.com:80',
    'https://app.example.com:99999',
    'https://*.example.com',
    'https://bücher.example',
    'https://app.example.com\r\nX: y',
    `https://${'a'.repeat(250)}.example`,
    ' *',
  ])('may not name the origin %j, which no browser sends', (origin) => {
    expect(corsProblem({ origins: [origin] })).toMatch(
      /^each entry of cors\.origins must be \* or an origin such as https:\/\/app\.example\.com, without a path, unlike "/,
    );
  });

  it.each([
    ['methods', ['*']],
    ['methods', ['GET', 'PUT', 'M-SEARCH']],
    ['headers', ['*']],
    ['headers', ['content-type', 'X-Api-Key']],
    ['exposedHeaders', ['*']],
    ['exposedHeaders', ['X-Total']],
    ['credentials', true],
    ['maxAgeSeconds', 0],
    ['maxAgeSeconds', 86_400],
    ['origins', []],
    ['origins', Array.from({ length: 50 }, (_, index) => `https://a${index}.example`)],
  ])('may have %s %j', (member, value) => {
    expect(corsProblem({ [member]: value })).toBeUndefined();
  });

  it.each([
    ['methods', 'GET'],
    ['methods', ['get']],
    ['methods', ['GET,PUT']],
    ['methods', ['']],
    ['headers', ['x y']],
    ['headers', ['x,y']],
    ['headers', ['x: y']],
    ['headers', [1]],
    ['headers', [undefined]],
    ['headers', ['a', 'a']],
    ['exposedHeaders', ['ü']],
    ['exposedHeaders', null],
    ['credentials', 'true'],
    ['maxAgeSeconds', -1],
    ['maxAgeSeconds', 86_401],
    ['origins', Array.from({ length: 51 }, (_, index) => `https://a${index}.example`)],
    ['origins', ['*', '*']],
    ['origin', ['*']],
  ])('may not have %s %j', (member, value) => {
    expect(corsProblem({ [member]: value })).toContain(`cors.${member}`);
  });
});

describe('the setting hosts', () => {
  const problem = (...hosts: unknown[]) => hostsProblem(hosts, 'hosts');

  it.each(['shop.example.com', 'example.com', 'xn--bcher-kva.example', 'a_b.example', '1.example'])(
    'may name %s',
    (host) => {
      expect(problem(host)).toBeUndefined();
    },
  );

  it.each([
    '',
    'shop',
    'localhost',
    'shop.localhost',
    'Shop.example.com',
    'shop.example.com.',
    'shop.example.com:8000',
    'https://shop.example.com',
    '*.example.com',
    'bücher.example',
    '10.0.0.7',
    '127.1',
    '[::1]',
    '::1',
    'a b.example',
    '-a.example',
    `${'a.'.repeat(127)}example`,
    7,
    null,
  ])('may not name %j', (host) => {
    expect(problem(host)).toMatch(/^each entry of hosts must be a host name of two labels or more/);
  });

  it('may name a host once, and 20 in all', () => {
    expect(problem('a.example', 'a.example')).toBe('hosts must name each entry once');
    const hosts = Array.from({ length: 21 }, (_, index) => `h${index}.example`);
    expect(problem(...hosts)).toBe('hosts must be a list of at most 20 texts');
    expect(problem(...hosts.slice(1))).toBeUndefined();
    expect(hostsProblem('a.example', 'hosts')).toBe('hosts must be a list of at most 20 texts');
  });
});

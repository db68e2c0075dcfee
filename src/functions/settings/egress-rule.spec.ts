import { egressPermission, egressProblem, loopbackHosts, parseEgressRule } from './egress-rule.js';

function permission(entry: string, host: string, port?: number): string {
  return egressPermission([parseEgressRule(entry)!], host, port);
}

describe('a rule', () => {
  it.each([
    ['api.example.com', 'api.example.com', 443, 'named'],
    ['api.example.com', 'api.example.com', 80, 'named'],
    ['api.example.com', 'api.example.com', 8443, 'none'],
    ['API.example.com.', 'api.example.com', 443, 'named'],
    ['api.example.com', 'xapi.example.com', 443, 'none'],
    ['api.example.com', 'x.api.example.com', 443, 'none'],
    ['api.example.com', 'api.example.com.evil.test', 443, 'none'],
    ['api.example.com:8443', 'api.example.com', 8443, 'named'],
    ['api.example.com:8443', 'api.example.com', 443, 'none'],
    ['api.example.com:*', 'api.example.com', 1, 'named'],
    ['*.example.com', 'a.example.com', 443, 'named'],
    ['*.example.com', 'a.b.example.com', 80, 'named'],
    ['*.example.com', 'example.com', 443, 'none'],
    ['*.example.com', 'badexample.com', 443, 'none'],
    ['192.0.2.7:5432', '192.0.2.7', 5432, 'named'],
    ['192.0.2.7:5432', '192.0.2.70', 5432, 'none'],
    ['[2001:DB8::0:1]:443', '2001:db8::1', 443, 'named'],
    ['[2001:db8::1]', '2001:db8::1', 80, 'named'],
    ['public', 'anything.test', 443, 'public'],
    ['public', '192.0.2.1', 80, 'public'],
    ['public', 'anything.test', 25, 'none'],
    ['public:*', 'anything.test', 25, 'public'],
    ['public:5432', 'anything.test', 5432, 'public'],
    ['db:5432', 'db', 5432, 'named'],
    ['db:5432', 'db', undefined, 'named'],
    ['db:5432', 'other', undefined, 'none'],
  ])('%s lets a function go to %s at %p: %s', (entry, host, port, expected) => {
    expect(permission(entry, host, port)).toBe(expected);
  });

  it('that names the host counts for more than one that says public', () => {
    const rules = ['public:*', 'db.test:5432'].map((entry) => parseEgressRule(entry)!);
    expect(egressPermission(rules, 'db.test', 5432)).toBe('named');
    expect(egressPermission(rules, 'db.test', 5433)).toBe('public');
  });

  it.each([
    ...[
      '',
      '*',
      '*.com',
      '*.',
      '*.*.com',
      'a.*.com',
      '*.127.0.0.1',
      '.',
      'a..b',
      'PUBLIC:',
      'public:',
      'https://example.com',
    ],
    ...[
      'example.com/path',
      'user@example.com',
      'example.com:',
      'example.com:0',
      'example.com:65536',
      'example.com:080',
    ],
    ...[
      'example.com:443:443',
      'example.com:-1',
      'example.com:https',
      '::1',
      '[127.0.0.1]',
      '[example.com]',
      '[::1',
      '::1]',
    ],
    ...[
      '[fe80::1%eth0]:80',
      '127.1',
      '2130706433',
      '0x7f000001',
      '10.0.0.0/8',
      'bücher.example',
      ' example.com',
      'a b',
      'a\n',
    ],
  ])('is not %j', (entry) => {
    expect(parseEgressRule(entry)).toBeUndefined();
  });
});

describe('the list of where a function may connect to', () => {
  it.each([[[]], [['public', 'api.example.com:443']]])('may be %j', (list) => {
    expect(egressProblem(list)).toBeUndefined();
  });

  it.each([
    ['https://api.example.com/v1', 'write "api.example.com", not a URL'],
    ['postgres://ada:hush@db.example.com:5432/shop', 'write "db.example.com:5432", not a URL'],
    ['mongodb+srv://ada:hush@c.example.net/', 'write "c.example.net", not a URL'],
    ['http://[2001:db8::1]:8080/', 'write "[2001:db8::1]:8080", not a URL'],
    ['http://', 'write the host and its port, not a URL'],
    ['/var/run/postgresql/.s.PGSQL.5432', 'a Unix socket'],
    ['unix:/var/run/db.sock', 'a Unix socket'],
    ['10.0.0.0/8', 'a range of addresses is not allowed'],
    ['fd00::/8', 'a range of addresses is not allowed'],
    ['::1', 'write "[::1]"'],
    ['*', 'write "public" for every public address'],
    ['*:443', 'write "public:443" for every public address'],
    ['bücher.example', 'write "xn--bcher-kva.example"'],
  ])('says of %s how it is written', (entry, hint) => {
    const problem = egressProblem([entry]);
    expect(problem).toContain(hint);
    expect(problem).not.toContain('hush');
  });
});

const hostsOf = (...entries: string[]) =>
  loopbackHosts(entries.flatMap((text) => parseEgressRule(text) ?? []));

describe("the ports of the server's loopback that a function names", () => {
  it('are asked for by the host of their rule', () => {
    expect(hostsOf('127.0.0.1:5432', '[::1]:6379', 'localhost:3306', 'db.localhost:1')).toEqual({
      5432: '127.0.0.1',
      6379: '::1',
      3306: 'localhost',
      1: 'db.localhost',
    });
  });

  it('are asked for by the first of several rules', () => {
    expect(hostsOf('127.0.0.1:5432', '[::1]:5432')).toEqual({ 5432: '127.0.0.1' });
  });

  it('are those of HTTP where a rule names none', () => {
    expect(hostsOf('localhost')).toEqual({ 80: 'localhost', 443: 'localhost' });
  });

  it.each([
    'localhost:*',
    'example.com:5432',
    '10.0.0.1:5432',
    '127.example.com:5432',
    'public:*',
    '*.sub.localhost:80',
  ])('are none of %s', (entry) => {
    expect(hostsOf(entry)).toEqual({});
  });
});

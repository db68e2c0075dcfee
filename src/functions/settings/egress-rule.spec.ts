import { egressPermission, parseEgressRule } from './egress-rule.js';

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

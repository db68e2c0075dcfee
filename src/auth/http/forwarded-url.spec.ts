import { forwardedUrl } from './forwarded-url.js';

describe('the URL that trusted proxies say the client called', () => {
  it('is what they write', () => {
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'fn.example.com',
      'x-forwarded-prefix': '/fn/',
    };
    expect(forwardedUrl(headers, 1)).toEqual({ scheme: 'https', host: 'fn.example.com', prefix: '/fn' });
  });

  it('is unknown where they write nothing', () => {
    expect(forwardedUrl({}, 1)).toEqual({ scheme: undefined, host: undefined, prefix: '' });
  });

  it('is never what stands left of their own entries', () => {
    const headers = {
      'x-forwarded-proto': 'http, https',
      'x-forwarded-host': 'evil.example, fn.example.com',
      'x-forwarded-prefix': '/evil, /fn',
    };
    expect(forwardedUrl(headers, 1)).toEqual({ scheme: 'https', host: 'fn.example.com', prefix: '/fn' });
  });

  it('is the outermost of several that each add an entry, whose prefixes stand one behind the other', () => {
    const headers = {
      'x-forwarded-proto': 'gopher, https, http',
      'x-forwarded-host': 'evil.example, fn.example.com, inner:8080',
      'x-forwarded-prefix': '/evil,/a,/b/c',
    };
    expect(forwardedUrl(headers, 2)).toEqual({ scheme: 'https', host: 'fn.example.com', prefix: '/a/b/c' });
  });

  it('is what the outermost says where the others only pass it on', () => {
    expect(forwardedUrl({ 'x-forwarded-proto': 'https' }, 3).scheme).toBe('https');
  });

  it.each([
    ['fn.example.com', '8443', 'https', 'fn.example.com:8443'],
    ['fn.example.com', '443', 'https', 'fn.example.com'],
    ['fn.example.com', '80', 'https', 'fn.example.com:80'],
    ['fn.example.com:9000', '8443', 'https', 'fn.example.com:9000'],
    ['[2001:db8::1]', '8080', 'http', '[2001:db8::1]:8080'],
    ['fn.example.com', 'x', 'http', 'fn.example.com'],
  ])('has the port that stands apart: %s and %s of %s', (host, port, scheme, expected) => {
    const headers = { 'x-forwarded-host': host, 'x-forwarded-port': port, 'x-forwarded-proto': scheme };
    expect(forwardedUrl(headers, 1).host).toBe(expected);
  });

  it.each([
    '//evil.example',
    '/a//b',
    'fn',
    '/../x',
    '/a/..',
    '/a?b',
    '/a b',
    '/a#b',
    `/${'x'.repeat(600)}`,
    '/ü',
  ])('has no prefix that is no path: %s', (prefix) => {
    expect(forwardedUrl({ 'x-forwarded-prefix': prefix }, 1).prefix).toBe('');
  });

  it.each(['evil.example/x', 'a@b', 'a b', '[::1', 'a:b:c', '-a', ''])(
    'has no host that is none: %j',
    (host) => {
      expect(forwardedUrl({ 'x-forwarded-host': host }, 1).host).toBeUndefined();
    },
  );

  it.each(['ftp', 'javascript', 'https:', ''])('has no scheme but those of HTTP: %j', (scheme) => {
    expect(forwardedUrl({ 'x-forwarded-proto': scheme }, 1).scheme).toBeUndefined();
  });
});

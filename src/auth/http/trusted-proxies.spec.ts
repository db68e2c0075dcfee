import { settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest } from '../../../test/support/builders/request.js';
import { authSettings } from '../auth.settings.js';
import { forwardedUrl, TrustedProxies } from './trusted-proxies.js';

const trusting = (trustedProxies: string) =>
  new TrustedProxies(settingsFor(authSettings, { trustedProxies }));

const proxies = trusting('127.0.0.1, 10.0.0.0/8, fd00::/8');

function sourceOf(remoteAddress: string | undefined, forwardedFor?: string, of = proxies) {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return of.sourceOf(httpRequest({ remoteAddress, headers }));
}

describe("the client's address", () => {
  it.each([
    ['the connection it is, whatever a stranger claims', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
    ['what a trusted proxy saw', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'what the nearest proxy saw, not what the client claimed',
      '127.0.0.1',
      '1.1.1.1, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'what the outermost of several trusted proxies saw',
      '127.0.0.1',
      '203.0.113.9, 10.0.0.7',
      '203.0.113.9',
    ],
    ['the proxy where it says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['the proxy where it says nonsense', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['the inner proxy where the outer one says nonsense', '127.0.0.1', 'unknown, 10.0.0.7', '10.0.0.7'],
    [
      'the proxy where it says nonsense behind what the client claimed',
      '127.0.0.1',
      '1.1.1.1, x',
      '127.0.0.1',
    ],
    ['the proxy where its entry is empty', '127.0.0.1', '1.1.1.1,', '127.0.0.1'],
    ['the proxy where its entry is blank', '127.0.0.1', '1.1.1.1, , 10.0.0.7', '127.0.0.1'],
    ['no number that a program could take for an address', '127.0.0.1', '1.1.1.1, 10', '127.0.0.1'],
    ['the last trusted one where all are', '127.0.0.1', '10.0.0.7', '10.0.0.7'],
    ['of IPv6 proxies, too', 'fd00::1', '2001:db8::9', '2001:db8::9'],
    ['IPv4 also on a socket of IPv6', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['IPv4 also where a proxy writes it as IPv6', '127.0.0.1', '203.0.113.9,::ffff:a00:7', '203.0.113.9'],
    ['with its zone', 'fe80::1%eth0', undefined, 'fe80::1%eth0'],
    ['in one spelling, however the proxy writes it', '127.0.0.1', '2001:DB8:0::9', '2001:db8::9'],
    ['between tabs, too', '127.0.0.1', '203.0.113.9,\t10.0.0.7\t', '203.0.113.9'],
    ['nothing where the connection is gone', undefined, undefined, ''],
  ])('is %s', (_, socketAddress, forwardedFor, expected) => {
    expect(sourceOf(socketAddress, forwardedFor).address).toBe(expected);
  });

  it.each([
    ['127.0.0.1', undefined, true],
    ['::ffff:127.0.0.1', undefined, true],
    ['192.0.2.7', undefined, false],
    ['127.0.0.1', '203.0.113.9', false],
    ['127.0.0.1', '::1, 203.0.113.9', false],
    ['10.0.0.7', '::1', true],
  ])('of %s for %s is of this machine: %s', (socketAddress, forwardedFor, expected) => {
    expect(sourceOf(socketAddress, forwardedFor).isLoopback).toBe(expected);
  });

  it('is asked of each request on a connection that a proxy keeps', () => {
    const request = httpRequest({ headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(proxies.sourceOf(request).address).toBe('203.0.113.9');
    const next = Object.assign(httpRequest({ headers: { 'x-forwarded-for': '203.0.113.8' } }), {
      socket: request.socket,
    });
    expect(proxies.sourceOf(next).address).toBe('203.0.113.8');
  });
});

describe('the proxies on the way', () => {
  it.each([
    ['192.0.2.7', '127.0.0.1', 0],
    ['127.0.0.1', undefined, 1],
    ['127.0.0.1', '203.0.113.9', 1],
    ['127.0.0.1', 'unknown', 1],
    ['127.0.0.1', '203.0.113.9,', 1],
    ['127.0.0.1', '10.0.0.7', 2],
    ['127.0.0.1', 'unknown, 10.0.0.7', 2],
    ['127.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.7', 2],
    ['127.0.0.1', '10.0.0.8, 10.0.0.7', 3],
  ])('of %s for %s are the trusted ones in a row: %i', (socketAddress, forwardedFor, expected) => {
    expect(sourceOf(socketAddress, forwardedFor).proxies).toBe(expected);
  });
});

describe('the URL that a client called', () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'fn.example.com' };

  it('is what a trusted proxy says', () => {
    expect(proxies.forwardedUrlOf(httpRequest({ headers }))).toMatchObject({
      scheme: 'https',
      host: 'fn.example.com',
    });
  });

  it('is unknown where nobody trusted stands before the server', () => {
    expect(proxies.forwardedUrlOf(httpRequest({ headers, remoteAddress: '192.0.2.7' }))).toBeUndefined();
    expect(trusting('').forwardedUrlOf(httpRequest({ headers }))).toBeUndefined();
  });
});

describe('a list of trusted proxies', () => {
  it('is empty by default and then trusts nobody', () => {
    expect(sourceOf('127.0.0.1', '203.0.113.9', trusting(''))).toMatchObject({
      address: '127.0.0.1',
      proxies: 0,
    });
  });
});

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

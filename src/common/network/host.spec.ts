import { isLoopback, parseHost } from './host.js';

describe('parseHost', () => {
  it.each([
    ['example.com', 'name', 'example.com'],
    ['API.Example.COM', 'name', 'api.example.com'],
    ['example.com.', 'name', 'example.com'],
    ['xn--bcher-kva.example', 'name', 'xn--bcher-kva.example'],
    ['_service.example.com', 'name', '_service.example.com'],
    ['db', 'name', 'db'],
    ['1.example.com', 'name', '1.example.com'],
    ['192.0.2.7', 'address', '192.0.2.7'],
    ['2001:DB8:0:0::1', 'address', '2001:db8::1'],
    ['::ffff:127.0.0.1', 'address', '::ffff:127.0.0.1'],
  ])('reads %s', (written, kind, text) => {
    expect(parseHost(written)).toEqual({ kind, text });
  });

  it.each([
    [
      'what the C library takes for an address',
      ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '127.0x1', '1.2.3', '0x7f.1'],
    ],
    [
      'what is nearly an address',
      ['127.0.0.1.', '256.0.0.1', '1.2.3.4.5', '::1%lo', 'fe80::1%eth0', '[::1]', '1:2'],
    ],
    [
      'what is no name',
      [
        '',
        '.',
        '..',
        'a..b',
        '.a',
        '-a.com',
        'a-.com',
        'a b',
        'a/b',
        'a@b',
        'a:b',
        'a\nb',
        'a\0',
        '*.a',
        'a%2eb',
      ],
    ],
    ['what is not ASCII', ['bücher.example', '①②⑦.0.0.1', 'example。com', 'localhost\u200b', 'ⓔxample.com']],
    ['what is too long', ['a'.repeat(64), `${'a.'.repeat(127)}com`]],
  ])('refuses %s', (_, hosts) => {
    expect(hosts.filter((host) => parseHost(host) !== undefined)).toEqual([]);
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.0.2.7', false],
  ])('of %s is %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
  });
});

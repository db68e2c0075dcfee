import { canonicalAddress, isLoopback, networkOf, parseAddressSet, parseHost } from './host.js';

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
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::1%lo',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
  ])('is true of %s', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', '126.255.255.255', '::2', '::127.0.0.1', '64:ff9b::127.0.0.1'])(
    'is false of %s, which other machines reach',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );

  it.each([
    '',
    'localhost',
    '127.example.com',
    '127.0.0.1.example.com',
    '127.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '[::1]',
    ' 127.0.0.1',
  ])('is false of %j, which is no address', (text) => {
    expect(isLoopback(text)).toBe(false);
  });
});

describe('the network that limits count', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::2:3:4', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['', ''],
  ])('of %j is %j', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['64:ff9b::192.0.2.7', '64:ff9b::192.0.2.7'],
  ])('writes %s as %s', (written, expected) => {
    expect(canonicalAddress(written)).toBe(expected);
  });

  it.each(['', 'unknown', '1', '010.0.0.1', '192.0.2', '192.0.2.7:80', '[::1]', '::1 '])(
    'is undefined for %j',
    (written) => {
      expect(canonicalAddress(written)).toBeUndefined();
    },
  );
});

describe('a list of addresses and networks', () => {
  it.each([
    ['0.0.0.0/0', '192.0.2.7', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['fe80::/64', 'fe80::2%eth1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
  ])('%s holds %s: %s', (list, address, expected) => {
    expect(parseAddressSet(list)!(address)).toBe(expected);
  });

  it.each([
    'localhost',
    'loopback',
    '10',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/255.0.0.0',
    '10.0.0/8',
    '10.0.0.0/8/8',
    'fd00::/129',
    '*',
    '10.0.0.1;10.0.0.2',
  ])('must be addresses and networks, which %s is not', (list) => {
    expect(parseAddressSet(list)).toBeUndefined();
  });
});

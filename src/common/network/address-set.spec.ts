import { parseAddressSet } from './address-set.js';

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

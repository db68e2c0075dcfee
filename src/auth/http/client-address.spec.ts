import { parseAddressSet, wayOfRequest } from './client-address.js';

const trusted = parseAddressSet('127.0.0.1, 10.0.0.0/8, fd00::/8')!;

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
    ['the last trusted one where all are', '127.0.0.1', '10.0.0.7', '10.0.0.7'],
    ['of IPv6 proxies, too', 'fd00::1', '2001:db8::9', '2001:db8::9'],
    ['IPv4 also on a socket of IPv6', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['nothing where the connection is gone', '', undefined, ''],
  ])('is %s', (_, socketAddress, forwardedFor, expected) => {
    expect(wayOfRequest(socketAddress, forwardedFor, trusted).address).toBe(expected);
  });
});

describe('the proxies on the way', () => {
  it.each([
    ['192.0.2.7', '127.0.0.1', 0],
    ['127.0.0.1', undefined, 1],
    ['127.0.0.1', '203.0.113.9', 1],
    ['127.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.7', 2],
  ])('of %s for %s are the trusted ones in a row: %i', (socketAddress, forwardedFor, expected) => {
    expect(wayOfRequest(socketAddress, forwardedFor, trusted).proxies).toBe(expected);
  });
});

describe('a list of trusted proxies', () => {
  it('is empty by default and then trusts nobody', () => {
    expect(parseAddressSet('')!('127.0.0.1')).toBe(false);
  });

  it.each([
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    '10.0.0.0/8/8',
    'fd00::/129',
    '*',
    '10.0.0.1;10.0.0.2',
  ])('must be addresses and networks, which %s is not', (list) => {
    expect(parseAddressSet(list)).toBeUndefined();
  });
});

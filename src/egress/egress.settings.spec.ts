import { egressSettings, entriesOf } from './egress.settings.js';

const { allowedRanges, dnsServers } = egressSettings.definitions;

describe('a list of ranges', () => {
  it.each(['', '10.0.0.0/8', '10.0.0.0/8,fd00::/8', '10.0.0.0/8, 192.168.1.0/24'])('may be %j', (text) => {
    expect(allowedRanges.parse(text)).toBe(text);
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0/8',
    'fd00::/129',
    'example.com/8',
    '10.0.0.0/8,',
    ',',
    '10.0.0.0/-1',
  ])('may not be %j', (text) => {
    expect(allowedRanges.parse(text)).toBeUndefined();
  });
});

describe('a list of name servers', () => {
  it.each(['', '10.0.0.2', '10.0.0.2:5353', '[fd00::2]:53', '[fd00::2]', '10.0.0.2,10.0.0.3'])(
    'may be %j',
    (text) => {
      expect(dnsServers.parse(text)).toBe(text);
    },
  );

  it.each(['ns.example.com', '10.0.0.2:65536', 'fd00::2', '[10.0.0.2]', '10.0.0.2:'])(
    'may not be %j',
    (text) => {
      expect(dnsServers.parse(text)).toBeUndefined();
    },
  );
});

it('is read entry by entry', () => {
  expect(entriesOf('a, b,c')).toEqual(['a', 'b', 'c']);
  expect(entriesOf('')).toEqual([]);
});

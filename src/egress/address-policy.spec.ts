import { networkInterfaces } from 'node:os';
import { FixedNames } from '../../test/support/egress/names.js';
import { AddressPolicy, whyUnreachable } from './address-policy.js';

const policy = new AddressPolicy([]);

describe('an address', () => {
  it.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['unspecified, or this network', ['0.0.0.0', '0.1.2.3', '::']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1']],
    ['link-local', ['169.254.1.1', 'fe80::1', 'febf::1', 'fec0::1']],
    [
      'of a metadata service',
      [
        '169.254.169.254',
        '169.254.170.2',
        'fd00:ec2::254',
        '100.100.100.200',
        '192.0.0.192',
        '168.63.129.16',
      ],
    ],
    ['shared by a carrier', ['100.64.0.1', '100.127.255.255']],
    ['multicast or broadcast', ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1', 'ff0e::1']],
    [
      'reserved, for documents or for benchmarks',
      [
        '240.0.0.1',
        '192.0.2.1',
        '198.51.100.1',
        '203.0.113.1',
        '198.18.0.1',
        '198.19.255.255',
        '192.0.0.1',
        '192.88.99.1',
        '2001:db8::1',
        '3fff::1',
        '100::1',
        '2001:2::1',
        '5f00::1',
      ],
    ],
    [
      'IPv4 written as IPv6',
      [
        '::ffff:127.0.0.1',
        '::ffff:7f00:1',
        '::ffff:169.254.169.254',
        '::ffff:8.8.8.8',
        '::127.0.0.1',
        '::7f00:1',
      ],
    ],
    [
      'IPv4 inside IPv6: NAT64, 6to4, Teredo',
      [
        '64:ff9b::7f00:1',
        '64:ff9b::808:808',
        '64:ff9b:1::1',
        '2002:7f00:1::',
        '2002:a9fe:a9fe::1',
        '2001::1',
        '2001:0:7f00:1::',
      ],
    ],
  ])('that is %s is refused, whatever named it', (_, addresses) => {
    expect(addresses.filter((address) => policy.permits(address, 'named'))).toEqual([]);
    expect(addresses.filter((address) => policy.permits(address, 'public'))).toEqual([]);
  });

  it.each([
    ...[
      '1.1.1.1',
      '8.8.8.8',
      '93.184.216.34',
      '172.15.255.255',
      '172.32.0.1',
      '100.63.255.255',
      '100.128.0.1',
      '223.255.255.255',
    ],
    ...['2606:4700:4700::1111', '2a00:1450::1', '2001:4860:4860::8888', '2003::1'],
  ])('of the public internet may be reached: %s', (address) => {
    expect(policy.permits(address, 'public')).toBe(true);
  });

  it('of this machine is refused, also a public one', () => {
    const own = Object.values(networkInterfaces()).flatMap((one) => one?.map(({ address }) => address) ?? []);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((address) => policy.permits(address, 'named'))).toEqual([]);
  });

  it('in a range that the operator opened is for functions that name the host, and for no others', () => {
    const open = new AddressPolicy(['10.1.0.0/16', 'fd00:1::/32']);
    for (const address of ['10.1.2.3', 'fd00:1::5']) {
      expect([open.permits(address, 'named'), open.permits(address, 'public')]).toEqual([true, false]);
    }
    expect(open.permits('10.2.0.1', 'named')).toBe(false);
    expect(open.permits('169.254.169.254', 'named')).toBe(false);
  });
});

const resolver = new FixedNames({
  'db.corp.test': ['10.0.0.7', 'fd00::7'],
  'mixed.test': ['10.0.0.7', '93.184.216.34'],
  'api.test': ['93.184.216.34'],
});
const why = (host: string, ...opened: string[]) =>
  whyUnreachable(host, { policy: new AddressPolicy(opened), resolver });

describe('whoever names a host that functions do not reach', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'db.localhost'])(
    "says that %s is the server's own machine",
    async (host) => {
      expect(await why(host)).toMatch(/server's own machine.*GLAMBDAR_EGRESS_ALLOWED_RANGES/);
    },
  );

  it.each([
    '10.0.0.7',
    '192.168.1.5',
    '172.17.0.1',
    '169.254.169.254',
    'fd00::7',
    '0.0.0.0',
    '::ffff:127.0.0.1',
  ])('says that %s is no public address', async (host) => {
    expect(await why(host)).toMatch(/^is (?:no public address|the server's own machine)\. .*_ALLOWED_RANGES/);
  });

  it('says so of a name, too, and not its address', async () => {
    const reason = await why('db.corp.test');
    expect(reason).toMatch(/^is at no public address\. .*GLAMBDAR_EGRESS_ALLOWED_RANGES/);
    expect(reason).not.toContain('10.0.0.7');
  });

  it("explains Docker's own names", async () => {
    expect(await why('host.docker.internal')).toMatch(/Docker's own networks/);
  });

  it.each(['api.test', 'mixed.test', 'unknown.test', '93.184.216.34', '2606:4700::1'])(
    'says nothing where %s may be reached, or nobody knows',
    async (host) => {
      expect(await why(host)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1/32'],
    ['localhost', '127.0.0.0/8'],
    ['10.0.0.7', '10.0.0.0/8'],
    ['db.corp.test', 'fd00::/8'],
  ])('says nothing about %s where the operator has opened %s', async (host, range) => {
    expect(await why(host, range)).toBeUndefined();
  });
});

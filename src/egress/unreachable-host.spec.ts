import { FixedNames } from '../../test/support/egress/names.js';
import { AddressPolicy } from './address-policy.js';
import { whyUnreachable } from './unreachable-host.js';

const resolver = new FixedNames({
  'db.corp.test': ['10.0.0.7', 'fd00::7'],
  'mixed.test': ['10.0.0.7', '93.184.216.34'],
  'api.test': ['93.184.216.34'],
});
const why = (host: string, ...opened: string[]) =>
  whyUnreachable(host, { policy: new AddressPolicy(opened), resolver });

describe('whoever names a host that functions do not reach', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'db.localhost'])(
    "is told that %s is the server's own machine",
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
  ])('is told that %s is no public address', async (host) => {
    expect(await why(host)).toMatch(/^is (?:no public address|the server's own machine)\. .*_ALLOWED_RANGES/);
  });

  it('is told so of a name, too, and not its address', async () => {
    const told = await why('db.corp.test');
    expect(told).toMatch(/^is at no public address\. .*GLAMBDAR_EGRESS_ALLOWED_RANGES/);
    expect(told).not.toContain('10.0.0.7');
  });

  it("is told of Docker's own names", async () => {
    expect(await why('host.docker.internal')).toMatch(/Docker's own networks/);
  });

  it.each(['api.test', 'mixed.test', 'unknown.test', '93.184.216.34', '2606:4700::1'])(
    'is told nothing where %s may be reached, or nobody knows',
    async (host) => {
      expect(await why(host)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1/32'],
    ['localhost', '127.0.0.0/8'],
    ['10.0.0.7', '10.0.0.0/8'],
    ['db.corp.test', 'fd00::/8'],
  ])('is told nothing of %s where the operator has opened %s', async (host, range) => {
    expect(await why(host, range)).toBeUndefined();
  });
});

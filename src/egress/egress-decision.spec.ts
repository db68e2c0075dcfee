import { FixedNames } from '../../test/support/egress/names.js';
import { ProxyWorld } from '../../test/support/egress/proxy-world.js';

let world: ProxyWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, sockets: 0, timers: 0 });
});

const names = () =>
  new FixedNames(
    { 'db.test': ['10.0.0.7', '93.184.216.34', '2606:4700::1'], 'inner.test': ['10.0.0.7'] },
    {
      'SRV _db._tcp.db.test': [{ name: 'a.db.test', port: 1, priority: 0, weight: 0 }],
      'TXT db.test': [['a b\n', '\u{1f600}']],
      'PTR 93.184.216.34': ['db.test'],
      'SRV _ldap._tcp.corp.internal': [{ name: 'dc.corp.internal', port: 389, priority: 0, weight: 0 }],
    },
  );
const open = async (...rules: string[]) => {
  world = await ProxyWorld.open(rules, { names: names(), allowedRanges: '', connectionsPerSecond: 1000 });
};
const asked = async (line: string) => {
  const answer = await world.ask(line);
  expect(answer).toMatch(/^records [ -~]+$/);
  return JSON.parse(answer.slice('records '.length)) as unknown;
};

describe('the DNS records of a name', () => {
  it('are for a function that may connect to it, or to what it says something of', async () => {
    await open('db.test:5432');
    expect(await asked('query SRV _db._tcp.db.test')).toEqual([
      { name: 'a.db.test', port: 1, priority: 0, weight: 0 },
    ]);
    expect(await asked('query TXT db.test')).toEqual([['a b\n', '\u{1f600}']]);
  });

  it('are for a function whose rule covers the names below', async () => {
    await open('*.db.test', '*.other.test');
    expect(await asked('query SRV _db._tcp.db.test')).toHaveLength(1);
    expect(await world.ask('query TXT db.test')).toMatch(/^no EGRESS_REFUSED .*add "db\.test"/);
  });

  it('are for no other function, and nobody is asked', async () => {
    await open('example.test');
    for (const line of ['query SRV _db._tcp.db.test', 'query A db.test', 'query PTR 93.184.216.34']) {
      expect(await world.ask(line)).toMatch(/^no EGRESS_REFUSED /);
    }
    expect(world.names.asked).toEqual([]);
  });

  it('have the addresses that may be connected to, and no others', async () => {
    await open('db.test', 'inner.test');
    expect(await asked('query A db.test')).toEqual([{ address: '93.184.216.34', ttl: 60 }]);
    expect(await asked('query AAAA db.test')).toEqual([{ address: '2606:4700::1', ttl: 60 }]);
    expect(await world.ask('query A inner.test')).toMatch(/^no EGRESS_ADDRESS_REFUSED .*ALLOWED_RANGES/);
  });

  it('open the addresses of both families that they gave, and lead back to the name', async () => {
    await open('db.test');
    expect(await world.ask('query PTR 93.184.216.34')).toMatch(/^no EGRESS_REFUSED /);
    await asked('query A db.test');
    await asked('query AAAA db.test');
    expect(await asked('query PTR 93.184.216.34')).toEqual(['db.test']);
    expect(await world.ask('query PTR 10.0.0.7')).toMatch(/^no EGRESS_REFUSED /);
  });

  it('of inner zones are for a function that names them, not for one that may go anywhere public', async () => {
    await open('public');
    expect(await asked('query TXT db.test')).toHaveLength(1);
    for (const name of [
      '_ldap._tcp.corp.internal',
      '7.0.0.10.in-addr.arpa',
      'printer.local',
      'x.home.arpa',
    ]) {
      expect(await world.ask(`query SRV ${name}`)).toMatch(/^no EGRESS_REFUSED /);
    }
    expect(await world.ask('query PTR 10.0.0.7')).toMatch(/^no EGRESS_ADDRESS_REFUSED /);
    await world.end();
    await open('*.corp.internal');
    expect(await asked('query SRV _ldap._tcp.corp.internal')).toHaveLength(1);
  });

  it.each([
    'query',
    'query SRV',
    'query ANY db.test',
    'query srv db.test',
    'query SRV db.test more',
    'query A 93.184.216.34',
    'query TXT \xff',
    'query TXT a..b',
    'query PTR 0x7f000001',
  ])('are not asked for by %j', async (line) => {
    await open('public:*');
    expect(await world.ask(line)).toMatch(/^no EGRESS_INVALID /);
  });
});

import { jest } from '@jest/globals';
import { OutsideServers } from '../support/egress/outside-servers.js';
import { srvRecord, TestDns, txtRecord } from '../support/egress/test-dns.js';
import { fixtureZip, handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const warm = { isolation: 'warm', maxContainers: 1 };

let servers: OutsideServers;
let dns: TestDns;
let served: Served;
beforeAll(async () => {
  servers = await OutsideServers.start();
  dns = await TestDns.start(
    { 'shard.cluster.test': ['127.0.0.1'], 'inner.cluster.test': ['10.0.0.7'] },
    {
      '_mongodb._tcp.cluster.test': [srvRecord(servers.ports.echo, 'shard.cluster.test')],
      'cluster.test': [txtRecord('authSource=admin', '&replicaSet=rs0')],
      '_mongodb._tcp.other.test': [srvRecord(1, 'shard.other.test')],
    },
  );
  served = await Served.start({
    GLAMBDAR_EGRESS_DNS_SERVERS: dns.server,
    GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
  });
}, patientlyMs);
afterAll(async () => {
  await served.expectCleanEnd();
  servers.stop();
  dns.stop();
}, patientlyMs);

/** What a driver does with `mongodb+srv://cluster.test`: SRV and TXT records, then a connection to each host. */
const driver = handlerZip(`async ({ body }) => {
  const { promises } = require('node:dns');
  const { connect } = require('node:net');
  try {
    const [[{ name, port }], txt] = await Promise.all([
      promises.resolveSrv('_mongodb._tcp.' + body),
      promises.resolveTxt(body),
    ]);
    const echoed = await new Promise((resolve, reject) => {
      const socket = connect(port, name, () => socket.end('hello'));
      socket.setEncoding('utf8').once('data', resolve).once('error', reject);
    });
    return { statusCode: 200, body: { name, options: txt[0].join(''), echoed } };
  } catch ({ code, message }) {
    return { statusCode: 200, body: { code, message } };
  }
}`);

it('gives a function the records that a mongodb+srv URL needs, of hosts that it may connect to', async () => {
  const egress = ['cluster.test', '*.cluster.test:*'];
  await served.deploy('driver', driver, { ...warm, egress });
  expect((await served.invoke('driver', 'cluster.test')).json).toEqual({
    name: 'shard.cluster.test',
    options: 'authSource=admin&replicaSet=rs0',
    echoed: 'hello',
  });
  const asked = dns.asked.length;
  expect((await served.invoke('driver', 'other.test')).json).toEqual({
    code: 'EGRESS_REFUSED',
    message: expect.stringContaining('add "other.test" to its setting egress') as string,
  });
  expect(dns.asked.slice(asked).join()).not.toContain('other.test');
});

it('tells a function that may go nowhere which setting to change', async () => {
  await served.deploy('closed', driver, warm);
  expect((await served.invoke('closed', 'cluster.test')).json).toEqual({
    code: 'EGRESS_REFUSED',
    message: expect.stringContaining('its setting egress is empty. Add "cluster.test"') as string,
  });
});

it('gives no private address, and says what is not there', async () => {
  await served.deploy('records', fixtureZip('goes-out'), { ...warm, egress: ['*.cluster.test'] });
  const ask = async (method: string, ...args: string[]) =>
    (await served.invoke('records', JSON.stringify({ way: 'bad records', method, args }))).json;
  expect(await ask('resolve4', 'shard.cluster.test')).toEqual({ result: ['127.0.0.1'] });
  expect(await ask('resolve4', 'inner.cluster.test')).toMatchObject({
    error: { code: 'EGRESS_ADDRESS_REFUSED' },
  });
  expect(await ask('resolveMx', 'shard.cluster.test')).toMatchObject({ error: { code: 'ENODATA' } });
  expect(await ask('resolveTxt', 'none.cluster.test')).toMatchObject({ error: { code: 'ENOTFOUND' } });
  expect(await ask('resolveAny', 'shard.cluster.test')).toMatchObject({ error: { code: 'ENOTIMP' } });
});

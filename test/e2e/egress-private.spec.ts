import { jest } from '@jest/globals';
import { OutsideServers } from '../support/egress/outside-servers.js';
import { TestDns } from '../support/egress/test-dns.js';
import { fixtureZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const warm = { isolation: 'warm', maxContainers: 1 };
const operatorsSetting = expect.stringContaining('GLAMBDAR_EGRESS_ALLOWED_RANGES') as string;

let servers: OutsideServers;
let dns: TestDns;
beforeAll(async () => {
  servers = await OutsideServers.start();
  dns = await TestDns.start({ 'db.corp.test': ['10.0.0.7'], 'api.test': ['93.184.216.34'] });
});
afterAll(() => {
  servers.stop();
  dns.stop();
});

const outgoing = async (served: Served, name: string, body: object) =>
  (await served.invoke(name, JSON.stringify(body))).json;

const toEcho = (host: string) => ({ way: 'net', host, port: servers.ports.echo, text: 'hello', end: true });
const echoed = () => ({ result: { received: 'hello', remotePort: servers.ports.echo } });

describe('a private address in the setting egress, which the operator has not opened', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start({ GLAMBDAR_EGRESS_DNS_SERVERS: dns.server });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  const entries = ['127.0.0.1:5432', 'localhost:5432', '192.168.1.5', '169.254.169.254', 'db.corp.test:5432'];
  const warned = [...entries, 'host.docker.internal:5432'];
  const egress = [...warned, 'api.test', 'unknown.test', 'public', '*.corp.test'];
  const warnings = warned.map((entry) => expect.stringContaining(`"${entry}" `) as string);

  it('is warned of by a deployment, by a new version and by a change of settings, and by nothing else', async () => {
    const zip = fixtureZip('goes-out');
    const deployed = await served.deploy('warned', zip, { ...warm, egress });
    expect(deployed.json).toMatchObject({ status: 'deployed', warnings });
    const published = await served.publish('warned', zip, { ...warm, egress });
    expect([published.status, published.json]).toMatchObject([200, { version: 2, warnings }]);
    const body = JSON.stringify({ egress });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const changed = await served.send('PATCH', '/settings/warned', { body, headers });
    expect([changed.status, changed.json]).toMatchObject([200, { egress, warnings }]);
    expect((await served.get('/settings/warned')).json).not.toHaveProperty('warnings');
    const fixed = await served.send('PATCH', '/settings/warned', {
      body: '{"egress":["api.test"]}',
      headers,
    });
    expect(fixed.json).not.toHaveProperty('warnings');
  });

  it("fails in words that name the operator's setting", async () => {
    const { echo } = servers.ports;
    const rules = [`127.0.0.1:${echo}`, `10.0.0.7:${echo}`, `db.corp.test:${echo}`];
    await served.deploy('refused', fixtureZip('goes-out'), { ...warm, egress: rules });
    for (const host of ['127.0.0.1', 'localhost', '::1', '10.0.0.7', 'db.corp.test']) {
      expect([host, await outgoing(served, 'refused', toEcho(host))]).toEqual([
        host,
        { error: { code: 'EGRESS_ADDRESS_REFUSED', message: operatorsSetting } },
      ]);
    }
  });

  it("says of a loopback port that no rule names that it is the container's own", async () => {
    await served.deploy('inside', fixtureZip('goes-out'), warm);
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await outgoing(served, 'inside', { ...toEcho(host), port: 5432 })).toEqual({
        error: {
          code: 'ECONNREFUSED',
          message: expect.stringMatching(/ECONNREFUSED.*own container.*add "127\.0\.0\.1:5432"/) as string,
        },
      });
    }
    expect(await outgoing(served, 'inside', { way: 'loopback' })).toEqual({ result: 'from inside' });
  });
});

describe("the server's own machine, which the operator has opened", () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start({ GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.1/32' });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it.each([
    ['by-address', '127.0.0.1'],
    ['by-name', 'localhost'],
  ])('is reached at the port that a rule names, %s, however the code calls it', async (name, named) => {
    const egress = [`${named}:${servers.ports.echo}`];
    const { json } = await served.deploy(name, fixtureZip('goes-out'), { ...warm, egress });
    expect(json).not.toHaveProperty('warnings');
    for (const host of ['127.0.0.1', 'localhost', '::1']) {
      expect([host, await outgoing(served, name, toEcho(host))]).toEqual([host, echoed()]);
    }
    expect(await outgoing(served, name, { way: 'loopback' })).toEqual({ result: 'from inside' });
  });

  it('is not reached by a function whose rules do not name it', async () => {
    await served.deploy('public', fixtureZip('goes-out'), { ...warm, egress: ['public:*'] });
    expect(await outgoing(served, 'public', toEcho('127.0.0.1'))).toMatchObject({
      error: { code: 'ECONNREFUSED' },
    });
  });
});

import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fixtureZip, handlerZip, zipOf } from '../support/zip.js';
import { certificate, OutsideServers } from '../support/egress/outside-servers.js';
import { expectedOfClients, realClientPackages } from '../support/egress/worker-outside.js';
import { ownFiles } from '../support/engine.js';
import { TestDns } from '../support/egress/test-dns.js';
import { packageFiles } from '../support/packages.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const warm = { isolation: 'warm', maxContainers: 1 };

let servers: OutsideServers;
let dns: TestDns;
let served: Served;
beforeAll(async () => {
  servers = await OutsideServers.start();
  dns = await TestDns.start({
    'service.test': ['127.0.0.1'],
    'metadata.test': ['169.254.169.254'],
    'rebinds.test': ['93.184.216.34', '127.0.0.1'],
  });
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

async function outgoing(name: string, body: object): Promise<unknown> {
  const answer = await served.invoke(name, JSON.stringify(body));
  return answer.json;
}

it('lets clients as npm has them out of a container', async () => {
  const entry = new URL('../fixtures/functions/real-clients/index.js', import.meta.url);
  const zip = zipOf({ 'index.js': readFileSync(entry), ...packageFiles(realClientPackages) });
  await served.deploy('clients', zip, { ...warm, egress: ['service.test:*'] });
  for (const [client, result] of Object.entries(expectedOfClients)) {
    const request = { client, host: 'service.test', ports: servers.ports, ca: certificate };
    expect([client, await outgoing('clients', request)]).toEqual([client, { result }]);
  }
});

it('lets a fresh function out, from a container made for it and from a prewarmed one', async () => {
  await served.deploy('fresh', fixtureZip('goes-out'), { egress: ['service.test:*'], maxContainers: 1 });
  const request = { way: 'fetch', url: `http://service.test:${servers.ports.http}/` };
  const answers = await Promise.all([1, 2].map(() => served.invoke('fresh', JSON.stringify(request))));
  expect(answers.map(({ json }) => json)).toEqual([{ result: 'path /' }, { result: 'path /' }]);
});

it('refuses and logs what the setting does not allow, and every inner address', async () => {
  await served.deploy('open', fixtureZip('goes-out'), { ...warm, egress: ['public:*', '*.service.test'] });
  const { port } = new URL(served.url);
  const urls = [
    ...[`http://service.test:${port}/`, 'http://metadata.test/', `http://rebinds.test:${port}/`],
    ...[
      'http://169.254.169.254/',
      'http://10.0.0.1/',
      'http://172.17.0.1/',
      'http://[::ffff:169.254.169.254]/',
    ],
    ...['http://2852039166/', 'http://0xa9fea9fe/', 'http://[64:ff9b::a9fe:a9fe]/'],
  ];
  const lookup = await outgoing('open', { way: 'lookup', host: 'rebinds.test', options: { family: 4 } });
  expect(lookup).toMatchObject({ error: { code: 'EGRESS_ADDRESS_REFUSED' } });
  for (const url of urls) {
    expect([url, await outgoing('open', { way: 'fetch', url })]).toMatchObject([
      url,
      { error: { code: 'EGRESS_ADDRESS_REFUSED' } },
    ]);
  }
  const line = await served.logged('connection refused');
  expect(line).toMatchObject({ function: 'open', code: 'EGRESS_ADDRESS_REFUSED' });
});

it('refuses code that speaks to the socket past the worker in the same way', async () => {
  const handler = `({ body }) => new Promise((resolve) => {
    const socket = require('node:net').connect('/glambdar/egress');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => (answer += text)).on('close', () => resolve(answer));
    socket.end(body);
  })`;
  await served.deploy('past-worker', handlerZip(handler), { ...warm, egress: ['example.com'] });
  const said = async (line: string) => (await served.invoke('past-worker', line)).json as string;
  expect(await said('connect 127.0.0.1 22\n')).toMatch(/^no EGRESS_REFUSED /);
  expect(await said('connect 2130706433 22\n')).toMatch(/^no EGRESS_INVALID /);
  expect(await said('GET / HTTP/1.1\r\n\r\n')).toMatch(/^no EGRESS_INVALID /);
});

it('has no socket for a function that may connect to nothing, and tells it why', async () => {
  await served.deploy('closed', fixtureZip('goes-out'), warm);
  const answer = await outgoing('closed', { way: 'fetch', url: 'https://api.example.com/' });
  expect(answer).toMatchObject({ error: { code: 'EGRESS_REFUSED' } });
  const handler = `() => require('node:fs').readdirSync('/glambdar')`;
  await served.deploy('lists', handlerZip(handler), warm);
  expect((await served.invoke('lists')).json).toEqual(ownFiles);
});

it('serves the proxy of child processes inside a container', async () => {
  await served.deploy('child', fixtureZip('goes-out'), { ...warm, egress: ['service.test:*'] });
  const url = `http://service.test:${servers.ports.http}/`;
  expect(await outgoing('child', { way: 'child', url })).toEqual({ result: 'path /' });
});

describe('what one function takes', () => {
  const silent = `() => new Promise((resolve) => {
    const { connect } = require('node:net');
    const answers = [];
    for (let count = 0; count < 100; count += 1) {
      const socket = connect('/glambdar/egress');
      let answer = '';
      socket.setEncoding('utf8').on('data', (text) => (answer += text)).on('error', () => undefined);
      socket.on('close', () => answers.push(answer) === 100 && resolve(answers));
    }
  })`;

  it('has no permit for a connection that asks for nothing, and tells it why', async () => {
    await served.deploy('silent', handlerZip(silent), { ...warm, egress: ['service.test:*'] });
    const answers = (await served.invoke('silent')).json as string[];
    expect(new Set(answers.map((answer) => answer.split(' ').slice(0, 2).join(' ')))).toEqual(
      new Set(['no EGRESS_LIMIT']),
    );
    expect(answers[0]).toMatch(/ no request within 1000 ms/);
  });

  it('is its share of the permits, over all of its containers; the others have theirs', async () => {
    const holds = `({ body }) => Promise.all(Array.from({ length: 5 }, () => new Promise((resolve) => {
      const socket = require('node:net').connect(JSON.parse(body).port, 'service.test');
      (globalThis.held ??= []).push(socket);
      socket.once('connect', () => resolve('open')).once('error', ({ message }) => resolve(message));
    })))`;
    const settings = { isolation: 'warm', maxContainers: 2, egress: ['service.test:*'] };
    const small = await Served.start({
      GLAMBDAR_EGRESS_DNS_SERVERS: dns.server,
      GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
      GLAMBDAR_EGRESS_SERVER_CONNECTIONS: '8',
    });
    await small.deploy('greedy', handlerZip(holds), settings);
    await small.deploy('modest', fixtureZip('goes-out'), settings);
    const body = JSON.stringify({ port: servers.ports.echo });
    const answers = (await small.invoke('greedy', body)).json as string[];
    expect(answers.filter((answer) => answer === 'open')).toHaveLength(4);
    expect(answers.filter((answer) => answer.includes('GLAMBDAR_FUNCTION_SHARE_PERCENT'))).toHaveLength(1);
    const request = { way: 'fetch', url: `http://service.test:${servers.ports.http}/` };
    expect((await small.invoke('modest', JSON.stringify(request))).json).toEqual({ result: 'path /' });
    await small.expectCleanEnd();
  });

  it('is told to each request beyond the limit of a second, and once in its log', async () => {
    const many = `async ({ body }) => (await Promise.allSettled(Array.from({ length: 100 }, () =>
      require('node:dns').promises.lookup('service.test')))).map(({ reason }) => reason ? reason.message : 'found')`;
    // So few in a second that they are too many also where they take many seconds.
    const strict = await Served.start({
      GLAMBDAR_EGRESS_DNS_SERVERS: dns.server,
      GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
      GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND: '1',
    });
    await strict.deploy('many', handlerZip(many), { ...warm, egress: ['service.test'] });
    const answers = (await strict.invoke('many')).json as string[];
    const known = /^found$|^EGRESS_LIMIT: .*GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND\b/;
    expect(answers.filter((answer) => !known.test(answer))).toEqual([]);
    expect(answers.filter((answer) => answer.includes('_PER_SECOND'))).not.toEqual([]);
    const lines = await eventually('the line in its log', async () => {
      const all = JSON.stringify((await strict.get('/logs/many')).json);
      return all.includes('_PER_SECOND') ? all : undefined;
    });
    expect(lines.match(/_PER_SECOND/g)).toHaveLength(1);
    await strict.expectCleanEnd();
  });
});

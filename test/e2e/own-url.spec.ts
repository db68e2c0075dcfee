import { jest } from '@jest/globals';
import { fixtureZip, handlerZip, zipOf } from '../support/zip.js';
import { packageFiles } from '../support/packages.js';
import { PrefixProxy } from '../support/prefix-proxy.js';
import { patientlyMs, Served } from '../support/served.js';
import { readFileSync } from 'node:fs';

jest.setTimeout(patientlyMs);

const warm = { isolation: 'warm', maxContainers: 1 };
const forged = {
  forwarded: 'for=10.0.0.1;proto=https;host=evil.example',
  'x-forwarded-for': '10.0.0.1',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-port': '4443',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-proto': 'https',
  'x-forwarded-user': 'admin',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
};
const headersOnly = handlerZip(`({ headers, requestContext }) => ({
  statusCode: 200,
  body: { headers, domain: requestContext.domainName, ip: requestContext.http.sourceIp },
})`);

interface Seen {
  readonly headers: Record<string, string>;
  readonly domain: string;
  readonly ip: string;
}

/** Names of a client's claims that arrived, whatever they say. */
const claimed = ({ headers }: Seen) =>
  Object.keys(headers).filter((name) => /^(?:forwarded|x-forwarded-user|x-original-|x-rewrite-)/.test(name));

async function deployFramework(served: Served, name: string): Promise<void> {
  const entry = readFileSync(new URL(`../../examples/${name}/index.js`, import.meta.url));
  const packages = { express: ['express', 'serverless-http'], hono: ['hono'] }[name] ?? [];
  const type = name === 'hono' ? { 'package.json': '{"type":"module"}' } : {};
  const zip = zipOf({ 'index.js': entry, ...type, ...packageFiles(packages) });
  await served.deploy(name, zip, { ...warm, responseFormat: 'lambda' });
}

describe('a server that clients reach directly', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start();
    await served.deploy('echo', headersOnly, warm);
    await served.deploy('body', fixtureZip('reads-json'), warm);
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it('tells a function where it lives, whatever the client claims', async () => {
    const seen = (await served.invoke('echo', '', forged)).json as Seen;
    const { host, port } = new URL(served.url);
    expect(seen).toMatchObject({
      headers: {
        host,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': host,
        'x-forwarded-port': port,
        'x-forwarded-prefix': '/invoke/echo',
        'x-forwarded-proto': 'http',
      },
      domain: host,
      ip: '127.0.0.1',
    });
    expect(claimed(seen)).toEqual([]);
  });

  it('tells the same where the name is written in another way, or the path goes on', async () => {
    for (const path of ['/invoke/%65cho', '/invoke/echo/a/b?x=1', '/invoke/echo/']) {
      const { headers } = (await served.get(path)).json as Seen;
      expect([path, headers['x-forwarded-prefix']]).toEqual([path, '/invoke/echo']);
    }
  });

  it('gives a function the JSON behind a byte order mark, and the bytes as they came', async () => {
    const answer = await served.invoke('body', '\uFEFF{"a":1}');
    expect(answer.json).toEqual({ json: { a: 1 }, firstCode: 0xfeff });
    const utf16 = new Uint8Array(Buffer.from('\uFEFF{"a":1}', 'utf16le'));
    expect((await served.invoke('body', utf16)).json).toMatchObject({
      error: expect.stringContaining('send it as UTF-8') as string,
    });
  });
});

describe('a server behind a proxy that it trusts', () => {
  let served: Served;
  let proxy: PrefixProxy;
  beforeAll(async () => {
    served = await Served.start({
      GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1',
      GLAMBDAR_INSECURE_NO_AUTH: 'true',
    });
    proxy = await PrefixProxy.start(served.url, '/fn', { 'x-forwarded-user': 'ada' });
    await served.deploy('echo', headersOnly, warm);
  }, patientlyMs);
  afterAll(async () => {
    await proxy.stop();
    await served.expectCleanEnd();
  }, patientlyMs);

  it('tells a function the URL that the client called', async () => {
    const seen = (await (await fetch(`${proxy.url}/invoke/echo`)).json()) as Seen;
    expect(seen).toMatchObject({
      headers: {
        host: new URL(served.url).host,
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-host': proxy.host,
        'x-forwarded-prefix': '/fn/invoke/echo',
        'x-forwarded-proto': 'http',
        'x-forwarded-user': 'ada',
      },
      domain: proxy.host,
      ip: '203.0.113.9',
    });
  });

  it.each(['express', 'hono'])('keeps the redirect of an %s application inside it', async (name) => {
    await deployFramework(served, name);
    const redirect = await fetch(`${proxy.url}/invoke/${name}/hello`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      302,
      `/fn/invoke/${name}/?name=Ada`,
    ]);
    for (const url of [proxy.url, served.url]) {
      const followed = await fetch(`${url}/invoke/${name}/hello`);
      expect(await followed.json()).toEqual({ framework: name, greeting: 'Hello Ada!' });
    }
  });
});

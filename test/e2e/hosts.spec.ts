import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Caddy } from '../support/caddy.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip } from '../support/zip.js';

jest.setTimeout(patientlyMs);

const warm = { isolation: 'warm', maxContainers: 1 };
const settings = {
  GLAMBDAR_FUNCTION_DOMAIN: 'fn.example.com',
  GLAMBDAR_ALLOWED_HOSTS: 'glambdar.example.com',
  GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1',
  GLAMBDAR_INSECURE_NO_AUTH: 'true',
};

const site = handlerZip(`({ rawPath, rawQueryString, headers, cookies, requestContext }) => {
  if (rawPath === '/login') return { statusCode: 302, headers: { location: '/home' }, cookies: ['who=Ada; Path=/; Secure'] };
  if (rawPath === '/page') {
    const { 'x-forwarded-proto': proto, 'x-forwarded-host': host, 'x-forwarded-prefix': prefix } = headers;
    return { statusCode: 200, headers: { 'content-type': 'text/html' }, body: '<a href="' + proto + '://' + host + prefix + '/home">home</a>' };
  }
  return { statusCode: 200, body: { rawPath, rawQueryString, headers, cookies, domain: requestContext.domainName } };
}`);

interface Seen {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Record<string, string>;
  readonly cookies: readonly string[];
  readonly domain: string;
}

/** The one of docs/hosts.md, to the port at which the server listens. */
function documentedCaddyfile(serverUrl: string): string {
  const page = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8');
  const [, caddyfile = ''] = /```caddyfile\n(.*?)```/s.exec(page) ?? [];
  return caddyfile.replace('127.0.0.1:8000', new URL(serverUrl).host);
}

describe('behind Caddy, as docs/hosts.md sets it up, a function', () => {
  let served: Served;
  let caddy: Caddy;
  const seenAt = async (url: string, headers = {}) =>
    JSON.parse((await caddy.get(url, headers)).body) as Seen;

  beforeAll(async () => {
    served = await Served.start(settings);
    caddy = await Caddy.start(documentedCaddyfile(served.url), ['*.fn.example.com', 'glambdar.example.com']);
    await served.deploy('hello', site, warm);
  }, patientlyMs);
  afterAll(async () => {
    await caddy.stop();
    await served.expectCleanEnd();
  }, patientlyMs);

  it('is at the root of a host with HTTPS, and sees the URL that was called', async () => {
    expect(await seenAt('https://hello.fn.example.com/any/path?x')).toMatchObject({
      rawPath: '/any/path',
      rawQueryString: 'x',
      headers: {
        host: 'hello.fn.example.com',
        'x-forwarded-host': 'hello.fn.example.com',
        'x-forwarded-port': '443',
        'x-forwarded-prefix': '',
        'x-forwarded-proto': 'https',
      },
      domain: 'hello.fn.example.com',
    });
  });

  it('has every path, whatever the server has there', async () => {
    for (const path of ['/invoke/other', '/info', '/ui', '/health', '/session']) {
      expect(await seenAt(`https://hello.fn.example.com${path}`)).toMatchObject({ rawPath: path });
    }
  });

  it('redirects and links to its own paths, and its cookies come back', async () => {
    const login = await caddy.get('https://hello.fn.example.com/login');
    expect([login.status, login.headers.location, login.headers['set-cookie']]).toEqual([
      302,
      '/home',
      ['who=Ada; Path=/; Secure'],
    ]);
    const home = await seenAt('https://hello.fn.example.com/home', {
      cookie: 'who=Ada; glambdar_session_1=x',
    });
    expect(home.cookies).toEqual(['who=Ada']);
    const page = await caddy.get('https://hello.fn.example.com/page');
    expect(page.body).toBe('<a href="https://hello.fn.example.com/home">home</a>');
  });

  it('has pages with the origin of its host, and sandboxed ones at the host of the server', async () => {
    const own = await caddy.get('https://hello.fn.example.com/page');
    expect(own.headers['content-security-policy']).toBeUndefined();
    const shared = await caddy.get('https://glambdar.example.com/invoke/hello/page');
    expect(shared.headers['content-security-policy']).toContain('sandbox');
  });

  it('leaves the server to its own name, and is nobody where it does not exist', async () => {
    const info = await caddy.get('https://glambdar.example.com/info');
    expect(JSON.parse(info.body)).toMatchObject({ functions: [{ name: 'hello' }] });
    const nobody = await caddy.get('https://none.fn.example.com/info', {
      'x-forwarded-host': 'glambdar.example.com',
    });
    expect([nobody.status, JSON.parse(nobody.body)]).toMatchObject([403, { code: 'UNKNOWN_HOST' }]);
  });
});

describe('a host that functions choose', () => {
  let served: Served;
  const changeOf = (name: string, body: object) =>
    served.send('PATCH', `/settings/${name}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  beforeAll(async () => {
    served = await Served.start(settings);
    await served.deploy('first', site, { ...warm, hosts: ['shop.example.org'] });
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  const taken = {
    status: 409,
    json: {
      code: 'HOST_TAKEN',
      field: 'hosts',
      detail: expect.stringContaining('shop.example.org') as string,
    },
  };

  it('is of one of them, however the other asks for it, until the first is deleted', async () => {
    const hosts = { hosts: ['shop.example.org'] };
    expect(await served.upload('second.zip', site, hosts)).toMatchObject(taken);
    await served.deploy('second', site, warm);
    expect(await changeOf('second', hosts)).toMatchObject(taken);
    expect(await served.publish('second', site, hosts)).toMatchObject(taken);
    expect(await served.get('/settings/second')).toMatchObject({ json: { hosts: [] } });
    await served.delete('first');
    expect(await changeOf('second', hosts)).toMatchObject({ status: 200 });
  });

  it.each(['glambdar.example.com', 'fn.example.com', 'x.fn.example.com'])(
    'is not the server’s: %s',
    async (host) => {
      await served.deploy(`f${host.length}`, site, warm);
      const answer = await changeOf(`f${host.length}`, { hosts: [host] });
      expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_SETTINGS', field: 'hosts' } });
    },
  );
});

import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { type ListeningApp, startApp } from '../support/app.js';
import { deployedFunction } from '../support/builders/functions.js';
import { exchangeRaw } from '../support/raw-connection.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
const domain = { ...noEngine, GLAMBDAR_FUNCTION_DOMAIN: 'FN.Example.com.' };
const reachable = { GLAMBDAR_INSECURE_NO_AUTH: 'true' };
const owner = { actor: 'local', requestId: null, address: null };

let served: ListeningApp;
/** The address of this machine that clients connect to. */
let arrivesAt: string;
beforeEach(() => {
  arrivesAt = '127.0.0.1';
});
afterEach(() => served.close());

async function start(settings: Readonly<Record<string, string>>): Promise<void> {
  served = await startApp(settings);
  const registry = served.app.get(FunctionRegistry);
  // There is no code of them: who is answered so has reached a function.
  registry.apply(changeTo(deployedFunction({ name: 'hello', settings: { hosts: ['shop.example.com'] } })));
  registry.apply(changeTo(deployedFunction({ name: 'Capital' })));
  for (const name of ['twice', 'Twice']) registry.apply(changeTo(deployedFunction({ name })));
}

async function answerTo(target: string, ...lines: string[]): Promise<string> {
  const { port } = served.app.getHttpServer().address() as AddressInfo;
  const request = [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close'].join('\r\n');
  return exchangeRaw(port, `${request}\r\n\r\n`, arrivesAt);
}

async function outcomeOf(target: string, ...lines: string[]): Promise<string> {
  const answer = await answerTo(target, ...lines);
  const code = /"code":"([A-Z_]+)"/.exec(answer)?.[1];
  return code ?? answer.slice(9, 12);
}

const called = 'CODE_UNAVAILABLE';

describe('at a host of a function', () => {
  it.each([
    '/',
    '/any/path?x',
    '/invoke/other',
    '/info',
    '/info/hello',
    '/ui',
    '/ui/',
    '/health',
    '/metrics',
    '/openapi.json',
    '//x',
    '*',
  ])('%s is the function’s', async (path) => {
    await start(domain);
    const target = path === '*' ? '/' : path;
    await expect(outcomeOf(target, 'Host: hello.fn.example.com')).resolves.toBe(called);
  });

  it.each([
    'hello.fn.example.com:8443',
    'HELLO.Fn.Example.com',
    'hello.fn.example.com.',
    'hello.fn.example.com.:80',
    'capital.fn.example.com',
    'shop.example.com',
    'Shop.Example.com:1',
  ])('%s, the function is called', async (host) => {
    await start(domain);
    await expect(outcomeOf('/ui', `Host: ${host}`)).resolves.toBe(called);
  });

  it.each([
    ['nobody of that name', 'none.fn.example.com'],
    ['two that differ in capitals', 'twice.fn.example.com'],
    ['more labels', 'a.hello.fn.example.com'],
    ['userinfo', 'user@hello.fn.example.com'],
    ['another domain', 'hello.fn.example.com.evil'],
    ['a name that only ends alike', 'hellofn.example.com'],
    ['the domain itself', 'fn.example.com'],
    ['an IPv6 address', '[fe80::1]'],
    ['a very long name', `${'a'.repeat(5000)}.fn.example.com`],
  ])('that is %s, nothing is reached', async (_, host) => {
    await start(domain);
    for (const path of ['/', '/ui', '/info', '/invoke/hello']) {
      await expect(outcomeOf(path, `Host: ${host}`)).resolves.toBe('UNKNOWN_HOST');
    }
  });

  it('two of them, or one with a control character, are no request', async () => {
    await start(domain);
    const host = 'Host: hello.fn.example.com';
    await expect(outcomeOf('/', host, host)).resolves.toBe('MALFORMED_REQUEST');
    await expect(outcomeOf('/', 'Host: localhost', host)).resolves.toBe('MALFORMED_REQUEST');
    await expect(outcomeOf('/', 'Host: hello\0.fn.example.com')).resolves.toBe('MALFORMED_REQUEST');
  });

  it('the server is out of reach, also where the target names another host than the header', async () => {
    await start(domain);
    await expect(outcomeOf('http://localhost/info', 'Host: hello.fn.example.com')).resolves.toBe(called);
    await expect(outcomeOf('http://hello.fn.example.com/info', 'Host: localhost')).resolves.toBe(called);
    await expect(
      outcomeOf('http://hello.fn.example.com:80/info', 'Host: hello.fn.example.com'),
    ).resolves.toBe(called);
  });

  it('the server keeps its own name', async () => {
    await start({ ...domain, ...reachable, GLAMBDAR_ALLOWED_HOSTS: 'console.example.com' });
    await expect(outcomeOf('/info', 'Host: none.fn.example.com')).resolves.toBe('UNKNOWN_HOST');
    await expect(outcomeOf('/info', 'Host: console.example.com')).resolves.toBe('200');
  });

  it('the server’s own name wins', async () => {
    await start({ ...domain, ...reachable, GLAMBDAR_ALLOWED_HOSTS: 'shop.example.com,hello.fn.example.com' });
    await expect(outcomeOf('/info', 'Host: shop.example.com')).resolves.toBe('200');
    await expect(outcomeOf('/info', 'Host: hello.fn.example.com')).resolves.toBe('200');
  });

  it('a forwarded host counts from trusted proxies only', async () => {
    const forwarded = 'X-Forwarded-Host: hello.fn.example.com';
    await start(domain);
    await expect(outcomeOf('/info', 'Host: localhost', forwarded)).resolves.toBe('200');
    await served.close();
    await start({ ...domain, ...reachable, GLAMBDAR_TRUSTED_PROXIES: '127.0.0.1' });
    await expect(outcomeOf('/info', 'Host: localhost', forwarded)).resolves.toBe(called);
    // What a client has written into a header that its proxy passes on leads nowhere else than the host does.
    await expect(
      outcomeOf('/info', 'Host: hello.fn.example.com', 'X-Forwarded-Host: localhost'),
    ).resolves.toBe(called);
  });

  it('a page of the same host may call, and one of another may not', async () => {
    await start(domain);
    const host = 'Host: hello.fn.example.com';
    await expect(outcomeOf('/', host, 'Origin: http://hello.fn.example.com')).resolves.toBe(called);
    await expect(outcomeOf('/', host, 'Sec-Fetch-Site: same-origin')).resolves.toBe(called);
    for (const origin of ['http://shop.example.com', 'http://localhost', 'null']) {
      await expect(outcomeOf('/', host, `Origin: ${origin}`)).resolves.toBe('UNKNOWN_HOST');
    }
  });

  it('pages of functions cannot use the server', async () => {
    await start(domain);
    const origin = 'Origin: http://hello.fn.example.com';
    await expect(outcomeOf('/info', 'Host: localhost', origin)).resolves.toBe('UNKNOWN_HOST');
  });

  it('a key is asked for as everywhere, and without one nobody learns which hosts have a function', async () => {
    await start(domain);
    const keys = served.app.get(KeyService);
    const { text } = await keys.create(
      { name: 'caller', scopes: ['functions:invoke'], functions: ['hello'], expiresAt: null },
      owner,
    );
    const key = `Authorization: Bearer ${text}`;
    const [known, unknown] = ['Host: capital.fn.example.com', 'Host: none.fn.example.com'];
    for (const [host, lines, code] of [
      [known, [], 'UNAUTHENTICATED'],
      [unknown, [], 'UNAUTHENTICATED'],
      [known, [key], 'FORBIDDEN'],
      [unknown, [key], 'FORBIDDEN'],
      ['Host: hello.fn.example.com', [key], called],
    ] as const) {
      await expect(outcomeOf('/', host, ...lines)).resolves.toBe(code);
    }
  });
});

describe('on all addresses of a machine, where the operator has named no host', () => {
  const everywhere = { ...domain, ...reachable, GLAMBDAR_HOST: '0.0.0.0' };

  /** Not that of the loopback interface, behind which every name is the machine's own. */
  function addressOnNetwork(): string {
    const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const found = all.find(({ internal, family }) => !internal && family === 'IPv4');
    if (!found) throw new Error('This machine is on no network.');
    return found.address;
  }

  it('the server has any name from the network, but those below the domain, which are functions’ or nobody’s', async () => {
    await start(everywhere);
    arrivesAt = addressOnNetwork();
    for (const host of ['console.example.com', 'fn.example.com', arrivesAt, 'localhost'])
      expect([host, await outcomeOf('/info', `Host: ${host}`)]).toEqual([host, '200']);
    for (const path of ['/', '/info', '/ui', '/invoke/other']) {
      for (const host of ['hello.fn.example.com', 'capital.fn.example.com:8000', 'shop.example.com'])
        expect([host, path, await outcomeOf(path, `Host: ${host}`)]).toEqual([host, path, called]);
      for (const host of ['none.fn.example.com', 'twice.fn.example.com', 'a.hello.fn.example.com'])
        expect([host, path, await outcomeOf(path, `Host: ${host}`)]).toEqual([host, path, 'UNKNOWN_HOST']);
    }
  });

  it('a page of a function may call functions from the network, and not the server', async () => {
    await start(everywhere);
    arrivesAt = addressOnNetwork();
    const page = 'Origin: http://hello.fn.example.com';
    await expect(outcomeOf('/', 'Host: shop.example.com', page)).resolves.toBe(called);
    await expect(outcomeOf('/info', 'Host: console.example.com', page)).resolves.toBe('UNKNOWN_HOST');
  });

  it('what no proxy of the operator’s has reported leads nowhere', async () => {
    await start(everywhere);
    arrivesAt = addressOnNetwork();
    const forwarded = 'X-Forwarded-Host: console.example.com';
    await expect(outcomeOf('/info', 'Host: none.fn.example.com', forwarded)).resolves.toBe('UNKNOWN_HOST');
    await expect(outcomeOf('/info', 'Host: hello.fn.example.com', forwarded)).resolves.toBe(called);
  });

  it('the names of this machine alone are the server’s on its loopback address', async () => {
    await start(everywhere);
    await expect(outcomeOf('/info', 'Host: console.example.com')).resolves.toBe('UNKNOWN_HOST');
    await expect(outcomeOf('/info', 'Host: localhost')).resolves.toBe('200');
    await expect(outcomeOf('/info', 'Host: hello.fn.example.com')).resolves.toBe(called);
  });
});

describe('at the host of the server', () => {
  it('functions are called by /invoke only, as without hosts of functions', async () => {
    await start(domain);
    await expect(outcomeOf('/invoke/hello', 'Host: localhost')).resolves.toBe(called);
    await expect(outcomeOf('/hello', 'Host: localhost')).resolves.toBe('ROUTE_NOT_FOUND');
    await expect(outcomeOf('/info', 'Host: localhost')).resolves.toBe('200');
  });

  it('a foreign host is answered as before', async () => {
    await start(noEngine);
    await expect(outcomeOf('/', 'Host: hello.fn.example.com')).resolves.toBe('UNKNOWN_HOST');
    await expect(outcomeOf('/info', 'Host: shop.example.com')).resolves.toBe(called);
  });
});

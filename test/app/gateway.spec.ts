import type { AddressInfo } from 'node:net';
import { KeyService } from '../../src/auth/keys/key.service.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { deployedFunction } from '../support/builders/functions.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { exchangeRaw } from '../support/raw-connection.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
const owner = { actor: 'local', requestId: null, address: null };

/** One route, however its target is spelled (RFC 9112, section 3.2): the first is the usual way. */
const spellings = [
  '/invoke/nobody',
  '/INVOKE/nobody',
  '/invoke/%6eobody',
  'http://localhost/invoke/nobody',
  'HTTP://LOCALHOST/Invoke/nobody',
];

let served: ListeningApp;
afterEach(() => served.close());

/** The answer to one request on a connection of its own, without what differs from call to call. */
async function answerTo(path: string, lines: readonly string[], body = ''): Promise<string> {
  const { port } = served.app.getHttpServer().address() as AddressInfo;
  const head = [`POST ${path} HTTP/1.1`, ...lines, `Content-Length: ${body.length}`, 'Connection: close'];
  const answer = await exchangeRaw(port, `${head.join('\r\n')}\r\n\r\n${body}`);
  return answer
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<invocation>')
    .replaceAll(/^traceparent: .*$/gm, 'traceparent: <trace>')
    .replaceAll(/^Date: .*$/gm, 'Date: <now>')
    .split('\r\n')
    .sort()
    .join('\n');
}

async function allAnswer(lines: readonly string[], below = '', body = ''): Promise<string> {
  const [usual = '', ...others] = spellings;
  const answer = await answerTo(usual + below, lines, body);
  for (const other of others) expect(await answerTo(other + below, lines, body)).toBe(answer);
  return answer;
}

const host = 'Host: localhost';

describe('a call is answered the same however its target is spelled:', () => {
  it('a call that is let in', async () => {
    served = await startApp(noEngine);
    const answer = await allAnswer([host]);
    expect(answer).toContain('HTTP/1.1 404 Not Found');
    expect(answer).toMatch(/^x-glambdar-invocation-id: <invocation>$/im);
    expect(answer).toContain('"invocationId":"<invocation>"');
  });

  it('a call with a path and a query of its own', async () => {
    served = await startApp(noEngine);
    expect(await allAnswer([host], '/a%2fb/?c=%ff')).toContain('FUNCTION_NOT_FOUND');
  });

  it('a request that names no host, two, or an unknown one', async () => {
    served = await startApp(noEngine);
    expect(await allAnswer([])).toContain('MALFORMED_REQUEST');
    expect(await allAnswer([host, host])).toContain('MALFORMED_REQUEST');
    expect(await allAnswer(['Host: evil.example'])).toContain('UNKNOWN_HOST');
    expect(await allAnswer([host, 'Origin: http://evil.example'])).toContain('UNKNOWN_HOST');
  });

  it('a body that is too large', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_REQUEST_BYTES: '1024' });
    // Of a call that cannot be made nothing is read, so there is a function to refuse the body of.
    served.app.get(FunctionRegistry).apply(changeTo(deployedFunction({ name: 'nobody' })));
    expect(await allAnswer([host], '', 'x'.repeat(1025))).toContain('PAYLOAD_TOO_LARGE');
  });

  it('a call without a key, with a wrong one, and with one that may not call', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE: '1000' });
    const keys = served.app.get(KeyService);
    const { text } = await keys.create(
      { name: 'reader', scopes: ['functions:read'], functions: null, expiresAt: null },
      owner,
    );
    const withoutRates = (answer: string) => answer.replaceAll(/^RateLimit-.*\n/gim, '');
    for (const [lines, code] of [
      [[host], 'UNAUTHENTICATED'],
      [[host, 'Authorization: Bearer nonsense'], 'UNAUTHENTICATED'],
      [[host, `Authorization: Bearer ${text}`], 'FORBIDDEN'],
    ] as const) {
      const answers = await Promise.all(spellings.map((path) => answerTo(path, lines)));
      expect(new Set(answers.map(withoutRates)).size).toBe(1);
      expect(answers[0]).toContain(code);
    }
  });
});

describe('a call and a request to the management API are refused for the same reasons:', () => {
  it.each([
    ['no host', [], 400, 'names no host'],
    ['two hosts', [host, 'Host: example.com'], 400, 'names more than one host'],
    ['an unknown host', ['Host: evil.example'], 403, 'UNKNOWN_HOST'],
    ['a page of another origin', [host, 'Origin: http://evil.example'], 403, 'UNKNOWN_HOST'],
    ['a body coded twice', [host, 'Transfer-Encoding: gzip, chunked'], 501, 'UNSUPPORTED_TRANSFER_CODING'],
  ])('%s', async (_, lines, status, words) => {
    served = await startApp(noEngine);
    const { port } = served.app.getHttpServer().address() as AddressInfo;
    for (const path of ['/invoke/nobody', '/info', '/nothing']) {
      const head = [`GET ${path} HTTP/1.1`, ...lines, 'Connection: close'];
      const answer = await exchangeRaw(port, `${head.join('\r\n')}\r\n\r\n`);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toContain(words);
    }
  });
});

describe('a name', () => {
  it.each(['/invoke/%2e%2e%2fetc', '/invoke/%ff/a', '/invoke/%zz', '/invoke/a%00b'])(
    'that is none is refused as such, also when it does not decode: %s',
    async (path) => {
      served = await startApp(noEngine);
      const answer = await answerTo(path, [host]);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /m);
      expect(answer).toContain('INVALID_NAME');
    },
  );

  it.each(['/invoke', '/invoke/', '/invoke//a', '/invoke?nobody'])(
    'that is missing is no route: %s',
    async (path) => {
      served = await startApp(noEngine);
      expect(await answerTo(path, [host])).toMatch(/^HTTP\/1\.1 404 /m);
    },
  );
});

import type { AddressInfo } from 'node:net';
import { KeyService } from '../../src/access/key/key.service.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { deployedFunction } from '../support/builders/deployed-function.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { exchangeRaw } from '../support/raw-http.js';

const noEngine = { GLAMBDAR_DOCKER_SOCKET: '/nonexistent/docker.sock' };
const owner = { actor: 'local', requestId: null, address: null };

/** The plain way of writing a call is the direct one; Express knows the same route in capitals, too. */
const ways = { direct: '/invoke/nobody', framework: '/INVOKE/nobody' };

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

async function bothAnswer(lines: readonly string[], below = '', body = ''): Promise<string> {
  const direct = await answerTo(ways.direct + below, lines, body);
  expect(direct).toBe(await answerTo(ways.framework + below, lines, body));
  return direct;
}

const host = 'Host: localhost';

describe('the direct way of calls answers as the framework would', () => {
  it('a call that is let in', async () => {
    served = await startApp(noEngine);
    const answer = await bothAnswer([host]);
    expect(answer).toContain('HTTP/1.1 404 Not Found');
    expect(answer).toMatch(/^x-glambdar-invocation-id: <invocation>$/im);
    expect(answer).toContain('"invocationId":"<invocation>"');
  });

  it('a call with a path and a query of its own', async () => {
    served = await startApp(noEngine);
    expect(await bothAnswer([host], '/a%2fb/?c=%ff')).toContain('FUNCTION_NOT_FOUND');
  });

  it('a request that names no host, two, or an unknown one', async () => {
    served = await startApp(noEngine);
    expect(await bothAnswer([])).toContain('MALFORMED_REQUEST');
    expect(await bothAnswer([host, host])).toContain('MALFORMED_REQUEST');
    expect(await bothAnswer(['Host: evil.example'])).toContain('UNKNOWN_HOST');
    expect(await bothAnswer([host, 'Origin: http://evil.example'])).toContain('UNKNOWN_HOST');
  });

  it('a body that is too large', async () => {
    served = await startApp({ ...noEngine, GLAMBDAR_REQUEST_BYTES: '1024' });
    // Of a call that cannot be made nothing is read, so there is a function to refuse the body of.
    served.app.get(FunctionRegistry).register(deployedFunction({ name: 'nobody' }));
    expect(await bothAnswer([host], '', 'x'.repeat(1025))).toContain('PAYLOAD_TOO_LARGE');
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
      const direct = withoutRates(await answerTo(ways.direct, lines));
      expect(direct).toBe(withoutRates(await answerTo(ways.framework, lines)));
      expect(direct).toContain(code);
    }
  });
});

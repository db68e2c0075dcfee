import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { EgressService } from '../../src/egress/egress.service.js';
import { egressSettings } from '../../src/egress/egress.settings.js';
import { SystemClock } from '../../src/common/time/clock.js';
import type { EgressGate } from '../../src/egress/egress-gate.js';
import type { WorkerEndpoint } from '../../src/ipc/worker-endpoint.js';
import type { WorkerSession } from '../../src/ipc/worker-session.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { settingsFor } from '../../test/support/builders/settings.js';
import { certificate, privateKey } from '../../test/support/egress/certificate.js';
import { FixedNames } from '../../test/support/egress/fixed-names.js';
import { allowListOf } from '../../test/support/egress/rules.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { WorkerProcess } from '../../test/support/worker-process.js';

const ipc = new TemporaryIpc();
const log = new RecordingLog();
const names = new FixedNames({
  'service.test': ['127.0.0.1'],
  'api.service.test': ['127.0.0.1'],
  'inner.service.test': ['10.1.2.3'],
});
const egress = new EgressService(
  new SystemClock(),
  log,
  names,
  settingsFor(egressSettings, { allowedRanges: '127.0.0.0/8' }),
);

interface Answered {
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The real worker with the fixture function loaded, and what it may reach. */
class Running {
  private constructor(
    private readonly endpoint: WorkerEndpoint,
    private readonly worker: WorkerProcess,
    private readonly session: WorkerSession,
    private readonly gate: EgressGate | undefined,
  ) {}

  static async withRules(...rules: readonly string[]): Promise<Running> {
    const endpoint = await ipc.service.open();
    const worker = new WorkerProcess(endpoint, 'goes-out');
    const session = await endpoint.session;
    const { directory } = endpoint;
    const order = { directory, functionName: 'goes-out', container: 'c', allowList: allowListOf(...rules) };
    const gate = rules.length > 0 ? await egress.open(order) : undefined;
    await session.load({ ...loadMessage, hasEgress: rules.length > 0 });
    return new Running(endpoint, worker, session, gate);
  }

  async go(way: string, options: object = {}): Promise<Answered> {
    const body = Buffer.from(JSON.stringify({ way, ...options }));
    const answer = await this.session.invoke(invokeMessage, body).finally(() => this.session.idle());
    return JSON.parse(answer.body.toString()) as Answered;
  }

  async end(): Promise<void> {
    this.gate?.close();
    this.session.close();
    await this.worker.stop();
    await this.endpoint.close();
  }
}

const servers: Server[] = [];

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let ports: { http: number; https: number; echo: number; greeting: number };
let running: Running;

beforeAll(async () => {
  const greet = (text: string) => (_: unknown, response: { end(text: string): unknown }) => response.end(text);
  ports = {
    http: await listening(createHttpServer(greet('plain'))),
    https: await listening(createHttpsServer({ cert: certificate, key: privateKey }, greet('encrypted'))),
    echo: await listening(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))),
    greeting: await listening(createServer((socket) => socket.end('welcome'))),
  };
  running = await Running.withRules('service.test:*', '*.service.test:*');
});

afterAll(async () => {
  await running.end();
  for (const server of servers) server.close();
  expect(egress.counters.open).toBe(0);
  ipc.remove();
});

describe('a function whose allow-list names a host reaches it', () => {
  it('with fetch', async () => {
    expect(await running.go('fetch', { url: `http://service.test:${ports.http}/` })).toEqual({ result: 'plain' });
  });

  it('with http', async () => {
    expect(await running.go('http', { url: `http://service.test:${ports.http}/` })).toEqual({ result: 'plain' });
  });

  it('with https and an agent of its own, which checks the certificate', async () => {
    const url = `https://api.service.test:${ports.https}/`;
    expect(await running.go('https', { url, ca: certificate })).toEqual({
      result: { first: 'encrypted', second: 'encrypted', remoteAddress: '127.0.0.1' },
    });
    expect(await running.go('https', { url })).toMatchObject({ error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  it('with a socket, both ways, half-closed before it is open', async () => {
    const { result } = await running.go('net', { host: 'service.test', port: ports.echo, text: 'hello', end: true });
    expect(result).toEqual({ received: 'hello', remotePort: ports.echo });
  });

  it('where the server speaks first', async () => {
    const { result } = await running.go('net', { host: 'service.test', port: ports.greeting, text: '' });
    expect(result).toMatchObject({ received: 'welcome' });
  });

  it('by name, and by the address that the name was given', async () => {
    const address = { address: '127.0.0.1', family: 4 };
    expect(await running.go('lookup', { host: 'service.test', options: {} })).toEqual({
      result: { promise: address, promisified: address, callback: ['127.0.0.1', 4] },
    });
    expect(await running.go('lookup', { host: 'service.test', options: { all: true } })).toEqual({
      result: { promise: [address], promisified: [address], callback: [[address]] },
    });
  });

  it('from a child process, by its variables', async () => {
    expect(await running.go('child', { url: `http://service.test:${ports.http}/` })).toEqual({ result: 'plain' });
    const { result } = await running.go('child variables');
    expect(result).toMatchObject({ NODE_USE_ENV_PROXY: '1', NO_PROXY: 'localhost,127.0.0.1,::1' });
  });

  it('and its own loopback as ever', async () => {
    expect(await running.go('loopback')).toEqual({ result: 'from inside' });
  });
});

describe('a function is told in a sentence', () => {
  it('which setting would allow a host', async () => {
    expect(await running.go('fetch', { url: 'http://other.test:8080/' })).toEqual({
      error: {
        code: 'EGRESS_REFUSED',
        message:
          'EGRESS_REFUSED: The function may not connect to other.test:8080: add "other.test:8080" to its setting egress to allow it.',
      },
    });
  });

  it.each(['http://inner.service.test/', 'http://169.254.169.254/latest/', 'http://[fd00:ec2::254]/'])(
    'that no name opens a private address: %s',
    async (url) => {
      const { error } = await running.go('fetch', { url });
      expect(error?.code).toMatch(/^EGRESS_/);
      expect(error?.message).toMatch(/setting egress/);
    },
  );

  it('that nobody listens there, or that there is no such name', async () => {
    const { error } = await running.go('net', { host: 'service.test', port: 1, text: '' });
    expect(error?.code).toBe('ECONNREFUSED');
    expect((await running.go('fetch', { url: 'http://no.service.test/' })).error?.code).toBe('ENOTFOUND');
  });
});

describe('a function whose allow-list is empty', () => {
  it('is told that it is, reaches its own loopback, and gives its children no proxy', async () => {
    const closed = await Running.withRules();
    const { error } = await closed.go('fetch', { url: 'https://api.example.com/' });
    expect(error).toEqual({
      code: 'EGRESS_REFUSED',
      message: expect.stringContaining('its setting egress is empty. Add "api.example.com:443"') as string,
    });
    expect((await closed.go('lookup', { host: 'api.example.com' })).error?.code).toBe('EGRESS_REFUSED');
    expect(await closed.go('loopback')).toEqual({ result: 'from inside' });
    expect((await closed.go('child variables')).result).not.toHaveProperty('HTTP_PROXY');
    await closed.end();
  });
});

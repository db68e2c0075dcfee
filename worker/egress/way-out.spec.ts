import { certificate } from '../../test/support/egress/certificate.js';
import { OutsideServers, type OutsideName } from '../../test/support/egress/outside-servers.js';
import { Outside, WorkerOutside } from '../../test/support/egress/worker-outside.js';

const outside = new Outside();
let servers: OutsideServers;
let ports: Record<OutsideName, number>;
let worker: WorkerOutside;

const outgoing = (way: string, options: object = {}) => worker.call({ way, ...options });

beforeAll(async () => {
  servers = await OutsideServers.start();
  ({ ports } = servers);
  worker = await WorkerOutside.start(outside, 'goes-out', ['service.test:*', '*.service.test:*']);
});

afterAll(async () => {
  await worker.end();
  servers.stop();
  outside.end();
});

describe('a function whose allow-list names a host reaches it', () => {
  it('with fetch', async () => {
    expect(await outgoing('fetch', { url: `http://service.test:${ports.http}/` })).toEqual({
      result: 'path /',
    });
  });

  it('with http', async () => {
    expect(await outgoing('http', { url: `http://service.test:${ports.http}/` })).toEqual({
      result: 'path /',
    });
  });

  it('with https and an agent of its own, which checks the certificate', async () => {
    const url = `https://api.service.test:${ports.https}/`;
    expect(await outgoing('https', { url, ca: certificate })).toEqual({
      result: { first: 'path /', second: 'path /', remoteAddress: '127.0.0.1' },
    });
    expect(await outgoing('https', { url })).toMatchObject({
      error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });

  it('with a socket, both ways, half-closed before it is open', async () => {
    const { result } = await outgoing('net', {
      host: 'service.test',
      port: ports.echo,
      text: 'hello',
      end: true,
    });
    expect(result).toEqual({ received: 'hello', remotePort: ports.echo });
  });

  it('where the server speaks first', async () => {
    const { result } = await outgoing('net', { host: 'service.test', port: ports.greeting, text: '' });
    expect(result).toMatchObject({ received: 'welcome' });
  });

  it('by name, and by the address that the name was given', async () => {
    const address = { address: '127.0.0.1', family: 4 };
    expect(await outgoing('lookup', { host: 'service.test', options: {} })).toEqual({
      result: { promise: address, promisified: address, callback: ['127.0.0.1', 4] },
    });
    expect(await outgoing('lookup', { host: 'service.test', options: { all: true } })).toEqual({
      result: { promise: [address], promisified: [address], callback: [[address]] },
    });
  });

  it('from a child process, by its variables', async () => {
    expect(await outgoing('child', { url: `http://service.test:${ports.http}/` })).toEqual({
      result: 'path /',
    });
    const { result } = await outgoing('child variables');
    expect(result).toMatchObject({ NODE_USE_ENV_PROXY: '1', NO_PROXY: 'localhost,127.0.0.1,::1' });
  });

  it('and its own loopback as ever', async () => {
    expect(await outgoing('loopback')).toEqual({ result: 'from inside' });
  });
});

describe('a function is told in a sentence', () => {
  it('which setting would allow a host', async () => {
    expect(await outgoing('fetch', { url: 'http://other.test:8080/' })).toEqual({
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
      const { error } = await outgoing('fetch', { url });
      expect(error?.code).toMatch(/^EGRESS_/);
      expect(error?.message).toMatch(/setting egress/);
    },
  );

  it('that nobody listens there, or that there is no such name', async () => {
    const { error } = await outgoing('net', { host: 'service.test', port: 1, text: '' });
    expect(error?.code).toBe('ECONNREFUSED');
    expect((await outgoing('fetch', { url: 'http://no.service.test/' })).error?.code).toBe('ENOTFOUND');
  });
});

describe('a function whose allow-list is empty', () => {
  it('is told that it is, reaches its own loopback, and gives its children no proxy', async () => {
    const closed = await WorkerOutside.start(outside, 'goes-out', []);
    const { error } = await closed.call({ way: 'fetch', url: 'https://api.example.com/' });
    expect(error).toEqual({
      code: 'EGRESS_REFUSED',
      message: expect.stringContaining('its setting egress is empty. Add "api.example.com:443"') as string,
    });
    expect((await closed.call({ way: 'lookup', host: 'api.example.com' })).error?.code).toBe(
      'EGRESS_REFUSED',
    );
    expect(await closed.call({ way: 'loopback' })).toEqual({ result: 'from inside' });
    expect((await closed.call({ way: 'child variables' })).result).not.toHaveProperty('HTTP_PROXY');
    await closed.end();
  });
});

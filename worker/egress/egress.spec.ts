import { certificate, type OutsideName, OutsideServers } from '../../test/support/egress/outside-servers.js';
import { Outside, outsideRecords, WorkerOutside } from '../../test/support/egress/worker-outside.js';

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

describe('a function that may connect to a host gets its DNS records', () => {
  const records = async (method: string, ...args: unknown[]) => {
    const { result, error } = await outgoing('records', { method, args });
    if (error) throw new Error(`${error.code} ${error.message}`);
    const [first, ...others] = result as unknown[];
    expect(others).toEqual([first, first, first, first]);
    return first;
  };

  it('which a mongodb+srv URL needs', async () => {
    const srv = outsideRecords['SRV _mongodb._tcp.service.test'];
    expect(await records('resolveSrv', '_mongodb._tcp.service.test')).toEqual(srv);
    expect(await records('resolve', '_mongodb._tcp.service.test', 'SRV')).toEqual(srv);
    expect(await records('resolveTxt', 'service.test')).toEqual(outsideRecords['TXT service.test']);
  });

  it('of other kinds, and its addresses with and without the time that they hold', async () => {
    expect(await records('resolveMx', 'service.test.')).toEqual(outsideRecords['MX service.test']);
    expect(await records('resolveSoa', 'service.test')).toEqual(outsideRecords['SOA service.test']);
    expect(await records('resolve4', 'service.test')).toEqual(['127.0.0.1']);
    expect(await records('resolve', 'service.test')).toEqual(['127.0.0.1']);
    expect(await records('resolve4', 'service.test', { ttl: true })).toEqual([
      { address: '127.0.0.1', ttl: 60 },
    ]);
  });

  it('whatever somebody has written into them', async () => {
    expect(await records('resolveTxt', 'odd.service.test')).toEqual(outsideRecords['TXT odd.service.test']);
    await expect(records('resolveTxt', 'long.service.test')).rejects.toThrow('EGRESS_LIMIT');
  });

  it.each([
    ['resolveSrv', ['_db._tcp.service.test'], 'ENOTFOUND', 'SRV records of _db._tcp.service.test'],
    ['resolveSrv', ['_mongodb._tcp.other.test'], 'EGRESS_REFUSED', 'add "other.test" to its setting egress'],
    ['resolveTxt', ['other.test'], 'EGRESS_REFUSED', 'TXT records of other.test: add "other.test"'],
    ['resolve4', ['inner.service.test'], 'EGRESS_ADDRESS_REFUSED', 'GLAMBDAR_EGRESS_ALLOWED_RANGES'],
    ['reverse', ['10.1.2.3'], 'EGRESS_REFUSED', '10.1.2.3'],
    ['resolveAny', ['service.test'], 'ENOTIMP', 'not supported here. Ask for one of the kinds A, AAAA'],
    ['resolve', ['service.test', 'TLSA'], 'ENOTIMP', 'not supported here'],
    ['lookupService', ['93.184.216.34', 80], 'ENOTIMP', 'not supported here'],
    ['resolve4', ['localhost'], 'ENOTFOUND', 'own container; dns.lookup knows it'],
    ['resolveSrv', ['_db._tcp.localhost'], 'ENOTFOUND', 'own container'],
    ['resolveAny', ['localhost'], 'ENOTIMP', 'not supported here'],
    ['resolve', ['localhost', 'NONE'], 'ERR_INVALID_ARG_VALUE', 'rrtype'],
    ['resolve', ['service.test', 'NONE'], 'ERR_INVALID_ARG_VALUE', 'rrtype'],
    ['resolve4', [7], 'ERR_INVALID_ARG_TYPE', 'string'],
    ['reverse', ['service.test'], 'EINVAL', 'getHostByAddr'],
  ])('or a sentence: %s %j', async (method, args, code, message) => {
    const { error } = await outgoing('bad records', { method, args });
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(message);
  });

  it('unless it gives up asking', async () => {
    const { error } = await outgoing('cancelled records', { name: 'service.test' });
    expect(error).toEqual({ code: 'ECANCELLED', message: 'queryTxt ECANCELLED service.test' });
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
    const request = { way: 'bad records', method: 'resolveSrv', args: ['_mongodb._tcp.db.example.com'] };
    expect((await closed.call(request)).error).toEqual({
      code: 'EGRESS_REFUSED',
      message: expect.stringContaining('its setting egress is empty. Add "db.example.com" to it') as string,
    });
    expect(await closed.call({ way: 'loopback' })).toEqual({ result: 'from inside' });
    expect((await closed.call({ way: 'child variables' })).result).not.toHaveProperty('HTTP_PROXY');
    await closed.end();
  });
});

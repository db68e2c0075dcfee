import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { FixedNames } from '../../test/support/egress/names.js';
import { ProxyWorld } from '../../test/support/egress/proxy-world.js';
import { until } from '../../test/support/eventually.js';

let world: ProxyWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, sockets: 0, timers: 0 });
});

describe('every spelling of an inner address', () => {
  const inner = [
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '017700000001',
      '127.0.0.1.',
      '127.0.1',
      '0',
    ],
    ...[
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '0:0:0:0:0:0:0:1',
      '[::1]',
      '::1%lo',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ...[
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '0xA9.0xFE.0xA9.0xFE',
      '169.254.43518',
      '::ffff:169.254.169.254',
      'fd00:ec2::254',
    ],
    ...[
      'localhost',
      'LOCALHOST.',
      'localhost.localdomain',
      'metadata.google.internal',
      'metadata.google.internal.',
      'ip6-localhost',
    ],
    ...[
      '①②⑦.⓪.⓪.①',
      '127。0。0。1',
      'ⓛocalhost',
      '127.0.0.1\\@example.com',
      'example.com@127.0.0.1',
      '127.0.0.1#',
      '127.0.0.1%00',
    ],
    ...[
      '0.0.0.0',
      '10.0.0.1',
      '172.17.0.1',
      '192.168.0.1',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      '224.0.0.1',
    ],
  ];

  it('is refused to a function that may go anywhere public', async () => {
    const names = new FixedNames({
      localhost: ['127.0.0.1', '::1'],
      'localhost.localdomain': ['127.0.0.1'],
      'ip6-localhost': ['::1'],
      'metadata.google.internal': ['169.254.169.254'],
    });
    world = await ProxyWorld.open(['public:*'], { names, allowedRanges: '127.0.0.0/8,169.254.0.0/16' });
    const answers = await Promise.all(inner.map((host) => world.ask(`connect ${host} ${world.port}`)));
    const taken = inner.filter(
      (_, index) => !/^no EGRESS_(ADDRESS_REFUSED|INVALID) /.test(answers[index] ?? ''),
    );
    expect(taken).toEqual([]);
    expect(world.service.counters.opened).toBe(0);
  });
});

describe('bytes that are no request', () => {
  it.each([
    ...[
      '\n',
      'hello\n',
      'connect\n',
      'connect a\n',
      'connect a b\n',
      'connect a 0\n',
      'connect a 65536\n',
      'connect a 1 2\n',
    ],
    ...[
      'connect  a 1\n',
      'CONNECT a 1\n',
      'connect a 1\r\n',
      'resolve\n',
      'resolve a b\n',
      'resolve \x00\n',
      'connect \xff 1\n',
    ],
    ...[
      'GET http://a/ HTTP/1.1\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\n',
      'x'.repeat(301),
      `connect ${'a'.repeat(300)} 1\n`,
    ],
  ])('are refused with a sentence: %j', async (bytes) => {
    world = await ProxyWorld.open(['public:*']);
    const peer = world.say('');
    peer.socket.write(bytes, 'latin1');
    expect(await peer.closed).toMatch(/^no EGRESS_INVALID [^\n]+\n$/);
  });

  it('of any kind and in any pieces are answered with one line and the end, or with nothing', async () => {
    world = await ProxyWorld.open(['public:*'], { connectionsPerSecond: 10_000 });
    const pieces = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.constant(Buffer.from('connect 10.0.0.1 80'))),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const peer = world.connect();
        for (const chunk of chunks) peer.socket.write(chunk);
        peer.socket.end();
        expect(await peer.closed).toMatch(/^no EGRESS_(INVALID|ADDRESS_REFUSED|REFUSED) [^\n]+\n$/);
      }),
      { numRuns: 200 },
    );
    expect(await world.ask(`connect 10.0.0.1 80`)).toMatch(/^no EGRESS_ADDRESS_REFUSED/);
  });

  it('that are longer than a request may be are refused with its limit', async () => {
    world = await ProxyWorld.open(['public:*']);
    const peer = world.say(`resolve ${'a'.repeat(1000)}\n`);
    expect(await peer.closed).toMatch(/^no EGRESS_INVALID .*300 bytes/);
  });
});

describe('a request byte by byte', () => {
  it('is refused with its limit', async () => {
    world = await ProxyWorld.open(['public:*']);
    const peer = world.connect();
    for (const letter of `resolve ${'a'.repeat(100)}`) {
      await new Promise<void>((resolve) =>
        peer.socket.write(letter, () => {
          resolve();
        }),
      );
      await turn();
    }
    expect(await peer.answer()).toMatch(/^no EGRESS_INVALID .*at most 16 chunks/);
  });
});

describe('a connection that asks for nothing', () => {
  it('takes no permit, and is refused after a second', async () => {
    world = await ProxyWorld.open(['echo.test'], { connections: 1, serverConnections: 1 });
    const silent = [world.say(''), world.say('resolve ec'), world.say('')];
    await until(() => world.service.counters.sockets === 3);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
    world.clock.advance(1000);
    for (const peer of silent) expect(await peer.closed).toMatch(/^no EGRESS_LIMIT .* within 1000 ms/);
    await until(() => world.service.counters.sockets === 0);
    expect(world.said).toEqual([expect.stringContaining('no request within 1000 ms')]);
  });

  it('has asked in time where its request came while the server was busy', async () => {
    world = await ProxyWorld.open(['echo.test']);
    const peer = world.say('');
    await until(() => world.service.counters.sockets === 1);
    await new Promise<void>((resolve) =>
      peer.socket.write('resolve echo.test\n', () => {
        resolve();
      }),
    );
    world.clock.advance(1000);
    expect(await peer.answer()).toBe('ok 127.0.0.1');
  });
});

describe('a container that was refused', () => {
  it('learns why although it is still sending', async () => {
    world = await ProxyWorld.open([]);
    const peer = world.say(`connect evil.test 443\n${'x'.repeat(50_000)}`);
    await peer.answer();
    await new Promise<void>((resolve, reject) => {
      peer.socket.write('still', (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    expect(peer.received).toMatch(/^no EGRESS_REFUSED /);
    peer.socket.end();
  });

  it('and never closes is closed after a second, whatever it sends', async () => {
    world = await ProxyWorld.open([]);
    const peers = ['', 'x'.repeat(1_000_000)].map((more) => world.say(`connect evil.test 443\n${more}`));
    for (const peer of peers) expect(await peer.answer()).toMatch(/^no EGRESS_REFUSED /);
    expect(world.service.counters).toMatchObject({ open: 0, sockets: 2 });
    world.clock.advance(1000);
    await until(() => world.service.counters.sockets === 0);
  });
});

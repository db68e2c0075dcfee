import fc from 'fast-check';
import { FixedNames } from '../../test/support/egress/fixed-names.js';
import { GateWorld } from '../../test/support/egress/gate-world.js';
import { until } from '../../test/support/until.js';

let world: GateWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, timers: 0 });
});

describe('a connection', () => {
  it('carries bytes both ways to what the allow-list names, what was sent ahead included', async () => {
    world = await GateWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\nahead`);
    expect(await peer.answer()).toBe('ok 127.0.0.1');
    peer.socket.end(' and behind');
    expect(await peer.closed).toBe('ok 127.0.0.1\nahead and behind');
    expect(world.service.counters).toMatchObject({ opened: 1, bytesOut: 16, bytesIn: 16 });
  });

  it('carries megabytes, byte for byte', async () => {
    world = await GateWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\n`);
    const bytes = 'x'.repeat(8 * 1024 * 1024);
    peer.socket.end(bytes);
    expect((await peer.closed).slice('ok 127.0.0.1\n'.length) === bytes).toBe(true);
  });

  it('is broken off with its container', async () => {
    world = await GateWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\n`);
    await peer.answer();
    world.closeGate();
    await peer.closed;
    expect(await world.ask('resolve echo.test')).toBe('');
  });
});

describe('a name', () => {
  it('is looked up for a function that may connect to it, and for no other', async () => {
    world = await GateWorld.open(['echo.test:1']);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
    expect(await world.ask('resolve other.test')).toMatch(
      /^no EGRESS_REFUSED .*"other.test" to its setting egress/,
    );
    expect(world.names.asked).toEqual(['echo.test']);
  });

  it('opens the address that it was given for, at the ports of the name', async () => {
    world = await GateWorld.open([]);
    await world.end();
    world = await GateWorld.open(['echo.test:*']);
    expect(await world.ask(`connect 127.0.0.1 ${world.port}`)).toMatch(/^no EGRESS_REFUSED /);
    await world.ask('resolve echo.test');
    const peer = world.say(`connect 127.0.0.1 ${world.port}\n`);
    expect(await peer.answer()).toBe('ok 127.0.0.1');
    peer.socket.destroy();
    expect(await world.ask(`connect 127.0.0.2 ${world.port}`)).toMatch(/^no EGRESS_REFUSED /);
  });

  it('that changes its address between look-ups opens nothing: each connection is judged anew', async () => {
    const names = new FixedNames({
      'rebinds.test': [['93.184.216.34'], ['169.254.169.254'], ['10.0.0.1', '::1']],
    });
    world = await GateWorld.open(['rebinds.test:*', 'public:*'], { names, allowedRanges: '' });
    expect(await world.ask('resolve rebinds.test')).toBe('ok 93.184.216.34');
    expect(await world.ask('connect rebinds.test 80')).toMatch(
      /^no EGRESS_ADDRESS_REFUSED .*GLAMBDAR_EGRESS_ALLOWED_RANGES/,
    );
    expect(await world.ask('connect rebinds.test 80')).toMatch(/^no EGRESS_ADDRESS_REFUSED /);
  });

  it('with public and private addresses is answered with the public ones alone', async () => {
    const names = new FixedNames({
      'mixed.test': ['10.0.0.1', '93.184.216.34', '127.0.0.1', 'fd00::1', '2606:4700::1'],
    });
    world = await GateWorld.open(['mixed.test'], { names, allowedRanges: '' });
    expect(await world.ask('resolve mixed.test')).toBe('ok 93.184.216.34 2606:4700::1');
  });
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
    world = await GateWorld.open(['public:*'], { names, allowedRanges: '127.0.0.0/8,169.254.0.0/16' });
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
    world = await GateWorld.open(['public:*']);
    const peer = world.say('');
    peer.socket.write(bytes, 'latin1');
    expect(await peer.closed).toMatch(/^no EGRESS_INVALID [^\n]+\n$/);
  });

  it('of any kind and in any pieces are answered with one line and the end, or with nothing', async () => {
    world = await GateWorld.open(['public:*'], { connectionsPerSecond: 10_000 });
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

  it('that never come end with the time for connecting', async () => {
    world = await GateWorld.open(['public'], { connectTimeoutMs: 1000 });
    const peer = world.say('connect exa');
    await until(() => world.service.counters.open === 1);
    world.clock.advance(1000);
    expect(await peer.closed).toMatch(/^no ETIMEDOUT .*GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS/);
  });
});

describe('the limits', () => {
  const opened = async () => {
    const peer = world.say(`connect echo.test ${world.port}\n`);
    return { peer, answer: await peer.answer() };
  };

  it('of a container: so many connections at once', async () => {
    world = await GateWorld.open(['echo.test:*'], { connections: 2 });
    const first = await opened();
    await opened();
    expect((await opened()).answer).toMatch(/^no EGRESS_LIMIT .*GLAMBDAR_EGRESS_CONNECTIONS /);
    first.peer.socket.destroy();
    await until(() => world.service.counters.open === 1);
    expect((await opened()).answer).toBe('ok 127.0.0.1');
  });

  it('of the server: so many connections of all containers', async () => {
    world = await GateWorld.open(['echo.test:*'], { serverConnections: 1 });
    await opened();
    expect((await opened()).answer).toMatch(/^no EGRESS_LIMIT .*GLAMBDAR_EGRESS_SERVER_CONNECTIONS /);
  });

  it('of a second: a flood finds nobody listening until the second is over', async () => {
    world = await GateWorld.open(['echo.test:*'], { connectionsPerSecond: 3 });
    for (let count = 0; count < 3; count += 1) expect(await world.ask('resolve echo.test')).toMatch(/^ok/);
    expect(await world.ask('resolve echo.test')).toBe('');
    expect(await world.ask('resolve echo.test')).toBe('');
    world.clock.advance(1000);
    await until(async () => (await world.ask('resolve echo.test')).startsWith('ok'));
  });

  it('of a connection: idle, age and bytes, each cut and logged with its setting', async () => {
    world = await GateWorld.open(['echo.test:*'], {
      idleTimeoutSeconds: 10,
      ageSeconds: 100,
      connectionMiB: 1,
    });
    const idle = await opened();
    world.clock.advance(9000);
    idle.peer.socket.write('x');
    await until(() => idle.peer.received.endsWith('x'));
    world.clock.advance(9000);
    expect(idle.peer.socket.destroyed).toBe(false);
    world.clock.advance(1000);
    await idle.peer.closed;
    const large = await opened();
    large.peer.socket.end('x'.repeat(2 * 1024 * 1024));
    await large.peer.closed;
    const old = await opened();
    for (let round = 0; round < 20; round += 1) {
      world.clock.advance(5000);
      old.peer.socket.write('x');
      const before = old.peer.received.length;
      await until(() => old.peer.received.length > before || old.peer.socket.destroyed);
    }
    await old.peer.closed;
    const cuts = world.log.lines.filter(({ message }) => message === 'connection cut');
    expect(cuts.map(({ fields }) => fields['setting'])).toEqual([
      'GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS',
      'GLAMBDAR_EGRESS_CONNECTION_MIB',
      'GLAMBDAR_EGRESS_AGE_SECONDS',
    ]);
  });
});

describe('the log', () => {
  it('has every refusal, with function, destination and reason, until there are too many', async () => {
    world = await GateWorld.open(['echo.test'], { connectionsPerSecond: 10_000 });
    await world.ask('connect evil.test 443');
    expect(world.log.lines).toEqual([
      {
        level: 'warn',
        message: 'connection refused',
        fields: {
          function: 'f',
          container: 'c',
          code: 'EGRESS_REFUSED',
          destination: 'evil.test:443',
          reason: expect.stringContaining('setting egress') as string,
        },
      },
    ]);
    for (let count = 0; count < 120; count += 1) await world.ask('connect evil.test 443');
    world.closeGate();
    expect(world.log.lines).toHaveLength(101);
    expect(world.log.lines.at(-1)?.fields).toMatchObject({ refused: 121 });
    expect(world.service.counters.refused.EGRESS_REFUSED).toBe(121);
  });
});

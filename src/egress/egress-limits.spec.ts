import { GateWorld } from '../../test/support/egress/gate-world.js';
import { until } from '../../test/support/until.js';

let world: GateWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, timers: 0 });
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
    expect(world.told).toEqual([expect.stringContaining('GLAMBDAR_EGRESS_CONNECTIONS')]);
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
    expect(world.told).toHaveLength(3);
    expect(world.told[0]).toBe(
      `A connection to echo.test:${world.port} was cut, as GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS asks for.`,
    );
    expect(world.cuts).toBe(3);
    const cuts = world.log.lines.filter(({ message }) => message === 'connection cut');
    expect(cuts.map(({ fields }) => fields['setting'])).toEqual([
      'GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS',
      'GLAMBDAR_EGRESS_CONNECTION_MIB',
      'GLAMBDAR_EGRESS_AGE_SECONDS',
    ]);
  });
});

describe('a connection of a container that waits', () => {
  it('is not idle before the last call was, and its end is told before the container notices', async () => {
    world = await GateWorld.open(['echo.test:*'], { idleTimeoutSeconds: 10 });
    const peer = world.say(`connect echo.test ${world.port}\n`);
    await peer.answer();
    world.clock.advance(9000);
    world.use();
    world.clock.advance(9000);
    expect([world.cuts, peer.socket.destroyed]).toEqual([0, false]);
    world.clock.advance(1000);
    expect(world.cuts).toBe(1);
    await peer.closed;
  });

  it('that its ends or its container close is not cut', async () => {
    world = await GateWorld.open(['echo.test:*']);
    const first = world.say(`connect echo.test ${world.port}\n`);
    await first.answer();
    first.socket.end();
    await first.closed;
    const second = world.say(`connect echo.test ${world.port}\n`);
    await second.answer();
    world.closeGate();
    await second.closed;
    expect(world.cuts).toBe(0);
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

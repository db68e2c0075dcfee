import { SlowNames } from '../../test/support/egress/names.js';
import { ProxyWorld } from '../../test/support/egress/proxy-world.js';
import { until } from '../../test/support/eventually.js';

let world: ProxyWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, sockets: 0, timers: 0 });
});

describe('the limits', () => {
  const opened = async () => {
    const peer = world.say(`connect echo.test ${world.port}\n`);
    return { peer, answer: await peer.answer() };
  };

  it('of a container: so many connections at once', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { connections: 2 });
    const first = await opened();
    await opened();
    expect((await opened()).answer).toMatch(/^no EGRESS_LIMIT .*GLAMBDAR_EGRESS_CONNECTIONS /);
    expect(world.said).toEqual([expect.stringContaining('GLAMBDAR_EGRESS_CONNECTIONS')]);
    first.peer.socket.destroy();
    await until(() => world.service.counters.open === 1);
    expect((await opened()).answer).toBe('ok 127.0.0.1');
  });

  it('of a function: its share of what all containers may have, over all of its containers', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { serverConnections: 4 });
    const first = await opened();
    await world.addContainer('f', ['echo.test:*']);
    await opened();
    expect((await opened()).answer).toMatch(
      /^no EGRESS_LIMIT .*GLAMBDAR_FUNCTION_SHARE_PERCENT.*GLAMBDAR_EGRESS_SERVER_CONNECTIONS/,
    );
    await world.addContainer('another', ['echo.test:*']);
    expect((await opened()).answer).toBe('ok 127.0.0.1');
    first.peer.socket.destroy();
    await until(() => world.service.counters.open === 2);
    await world.addContainer('f', ['echo.test:*']);
    expect((await opened()).answer).toBe('ok 127.0.0.1');
    expect(world.service.counters.limited).toMatchObject({ function: 1, server: 0 });
  });

  it('of the server: so many connections of all containers', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { serverConnections: 2 });
    await opened();
    await world.addContainer('another', ['echo.test:*']);
    await opened();
    await world.addContainer('third', ['echo.test:*']);
    expect((await opened()).answer).toMatch(/^no EGRESS_LIMIT .*GLAMBDAR_EGRESS_SERVER_CONNECTIONS /);
  });

  it('of a second: what is beyond it is refused, in the log once, and other containers go on', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { connectionsPerSecond: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.ask('resolve echo.test')));
    expect(answers.filter((answer) => answer.startsWith('ok'))).toHaveLength(3);
    expect(
      answers.filter((answer) => answer.includes('GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND')),
    ).toHaveLength(7);
    expect(world.said).toEqual([
      expect.stringContaining('more than 3 connections and names within a second'),
    ]);
    world.clock.advance(1000);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
  });

  it('of a second: a flood finds nobody listening until the second is over', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { connectionsPerSecond: 3 });
    const flood = Array.from({ length: 50 }, () => world.ask('resolve echo.test'));
    expect((await Promise.all(flood)).filter((answer) => answer !== '')).toHaveLength(23);
    expect(await world.ask('resolve echo.test')).toBe('');
    world.clock.advance(1000);
    await until(async () => (await world.ask('resolve echo.test')).startsWith('ok'));
  });

  it("of a function's second: over all of its containers, and no other function notices", async () => {
    world = await ProxyWorld.open(['echo.test:*'], { serverConnectionsPerSecond: 4 });
    await world.ask('resolve echo.test');
    await world.addContainer('f', ['echo.test:*']);
    await world.ask('resolve echo.test');
    expect(await world.ask('resolve echo.test')).toMatch(
      /^no EGRESS_LIMIT .*GLAMBDAR_FUNCTION_SHARE_PERCENT.*GLAMBDAR_EGRESS_SERVER_CONNECTIONS_PER_SECOND/,
    );
    world.clock.advance(500);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
    await world.addContainer('another', ['echo.test:*']);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
  });

  it('of names being looked up: a permit is taken until the name servers are done, whoever has left', async () => {
    const names = new SlowNames();
    world = await ProxyWorld.open(['slow.test'], { names, connections: 1 });
    const left = world.say('resolve slow.test\n');
    await until(() => world.service.counters.open === 1);
    world.clock.advance(10_000);
    expect(await left.closed).toMatch(/^no ETIMEDOUT .*GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS/);
    expect(await world.ask('resolve slow.test')).toMatch(/^no EGRESS_LIMIT .*GLAMBDAR_EGRESS_CONNECTIONS /);
    names.answer(['93.184.216.34']);
    await until(() => world.service.counters.open === 0);
    expect(await world.ask('resolve slow.test')).toBe('ok 93.184.216.34');
  });

  it('of what is carried in a second: what is beyond it waits, and no other function notices', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { serverMibPerSecond: 2 });
    const { peer } = await opened();
    const bytes = 2 * 1024 * 1024;
    peer.socket.write('x'.repeat(bytes));
    const { counters } = world.service;
    const carried = () => counters.bytesIn + counters.bytesOut;
    await until(() => carried() >= 100 * 1024);
    await world.addContainer('another', ['echo.test:*']);
    const other = await opened();
    other.peer.socket.write('quick');
    await until(() => other.peer.received.endsWith('quick'));
    expect(carried()).toBeLessThan(512 * 1024);
    await until(() => {
      world.clock.advance(100);
      return peer.received.length >= bytes;
    });
    expect(world.clock.monotonicMs()).toBeGreaterThan(3500);
  });

  it('of a connection: idle, age and bytes, each cut and logged with its setting', async () => {
    world = await ProxyWorld.open(['echo.test:*'], {
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
    expect(world.said).toHaveLength(3);
    expect(world.said[0]).toBe(
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
  it('is not idle before the last call was, and its end is reported before the container notices', async () => {
    world = await ProxyWorld.open(['echo.test:*'], { idleTimeoutSeconds: 10 });
    const peer = world.say(`connect echo.test ${world.port}\n`);
    await peer.answer();
    world.clock.advance(9000);
    world.startCall();
    world.clock.advance(9000);
    expect([world.cuts, peer.socket.destroyed]).toEqual([0, false]);
    world.clock.advance(1000);
    expect(world.cuts).toBe(1);
    await peer.closed;
  });

  it('that its ends or its container close is not cut', async () => {
    world = await ProxyWorld.open(['echo.test:*']);
    const first = world.say(`connect echo.test ${world.port}\n`);
    await first.answer();
    first.socket.end();
    await first.closed;
    const second = world.say(`connect echo.test ${world.port}\n`);
    await second.answer();
    world.closeProxy();
    await second.closed;
    expect(world.cuts).toBe(0);
  });
});

describe('the log', () => {
  it('has every refusal, with function, destination and reason, until a function has had its share', async () => {
    world = await ProxyWorld.open(['echo.test'], { connectionsPerSecond: 10_000 });
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
    await world.addContainer('f', ['echo.test']);
    await world.ask('connect evil.test 443');
    expect(world.log.lines).toHaveLength(100);
    await world.addContainer('another', ['echo.test']);
    await world.ask('connect evil.test 443');
    expect(world.log.lines.at(-1)?.fields).toMatchObject({ function: 'another' });
    world.closeProxies();
    expect(world.log.lines.map(({ fields }) => fields['suppressed']).filter(Boolean)).toEqual([21, 1]);
    expect(world.service.counters.refused.EGRESS_REFUSED).toBe(123);
  });
});

import { FixedNames } from '../../test/support/egress/names.js';
import { ProxyWorld } from '../../test/support/egress/proxy-world.js';

let world: ProxyWorld;

afterEach(async () => {
  expect(await world.end()).toEqual({ open: 0, sockets: 0, timers: 0 });
});

describe('a connection', () => {
  it('carries bytes both ways to what the allow-list names, what was sent ahead included', async () => {
    world = await ProxyWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\nahead`);
    expect(await peer.answer()).toBe('ok 127.0.0.1');
    peer.socket.end(' and behind');
    expect(await peer.closed).toBe('ok 127.0.0.1\nahead and behind');
    expect(world.service.counters).toMatchObject({ opened: 1, bytesOut: 16, bytesIn: 16 });
  });

  it('carries megabytes, byte for byte', async () => {
    world = await ProxyWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\n`);
    const bytes = 'x'.repeat(8 * 1024 * 1024);
    peer.socket.end(bytes);
    expect((await peer.closed).slice('ok 127.0.0.1\n'.length) === bytes).toBe(true);
  });

  it('is broken off with its container', async () => {
    world = await ProxyWorld.open(['echo.test:*']);
    const peer = world.say(`connect echo.test ${world.port}\n`);
    await peer.answer();
    world.closeProxy();
    await peer.closed;
    expect(await world.ask('resolve echo.test')).toBe('');
  });
});

describe('a name', () => {
  it('is looked up for a function that may connect to it, and for no other', async () => {
    world = await ProxyWorld.open(['echo.test:1']);
    expect(await world.ask('resolve echo.test')).toBe('ok 127.0.0.1');
    expect(await world.ask('resolve other.test')).toMatch(
      /^no EGRESS_REFUSED .*"other.test" to its setting egress/,
    );
    expect(world.names.asked).toEqual(['echo.test']);
  });

  it('opens the address that it was given for, at the ports of the name', async () => {
    world = await ProxyWorld.open([]);
    await world.end();
    world = await ProxyWorld.open(['echo.test:*']);
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
    world = await ProxyWorld.open(['rebinds.test:*', 'public:*'], { names, allowedRanges: '' });
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
    world = await ProxyWorld.open(['mixed.test'], { names, allowedRanges: '' });
    expect(await world.ask('resolve mixed.test')).toBe('ok 93.184.216.34 2606:4700::1');
  });
});

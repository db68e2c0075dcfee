import { containerSettingsWith, settled } from '../../test/support/container-harness.js';
import { FakeContainerEngine } from '../../test/fakes/fake-container-engine.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { EngineHealth } from './engine-health.js';

function setUp() {
  const clock = new ManualClock();
  const engine = new FakeContainerEngine();
  const health = new EngineHealth(engine, clock, containerSettingsWith({ probeIntervalMs: 1000 }));
  const list = () => health.ask(() => engine.listOwned('0badcafe'));
  return { clock, engine, health, list };
}

describe('EngineHealth', () => {
  it('passes calls through while the engine answers', async () => {
    const { health, list } = setUp();
    await expect(list()).resolves.toEqual([]);
    expect(health.reachable).toBe(true);
  });

  it('asks an engine that did not answer no more', async () => {
    const { engine, health, list } = setUp();
    engine.down = true;
    await expect(list()).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(list()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(engine.calls).toEqual(['listOwned']);
    expect(health.reachable).toBe(false);
  });

  it('probes while the engine is down and says when it is back', async () => {
    const { clock, engine, health, list } = setUp();
    let recoveries = 0;
    health.onRecovered(() => (recoveries += 1));
    engine.down = true;
    await expect(list()).rejects.toThrow();
    clock.advance(1000);
    await settled();
    expect(health.reachable).toBe(false);
    engine.down = false;
    clock.advance(1000);
    await settled();
    expect(health.reachable).toBe(true);
    expect(recoveries).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes a slow call for no more than a reason to look', async () => {
    const { engine, health, list } = setUp();
    engine.failCall(1, 'timeout');
    await expect(list()).rejects.toMatchObject({ kind: 'timeout' });
    await settled();
    expect(engine.calls).toEqual(['listOwned', 'ping']);
    expect(health.reachable).toBe(true);
  });

  it('takes an engine for down that is slow and does not answer a ping either', async () => {
    const { engine, health, list } = setUp();
    engine.failCall(1, 'timeout');
    engine.failCall(2, 'timeout');
    await expect(list()).rejects.toMatchObject({ kind: 'timeout' });
    await settled();
    expect(health.reachable).toBe(false);
  });

  it.each(['gone', 'conflict', 'refused', 'image-missing'] as const)(
    'takes %s for an answer',
    async (kind) => {
      const { engine, health, list } = setUp();
      engine.failCall(1, kind);
      await expect(list()).rejects.toMatchObject({ kind });
      expect(health.reachable).toBe(true);
    },
  );

  it('reports engine and image, asking at most once a second', async () => {
    const { clock, engine, health } = setUp();
    await expect(health.status('glambdar-worker')).resolves.toEqual({ reachable: true, imagePresent: true });
    await health.status('glambdar-worker');
    expect(engine.calls).toEqual(['ping', 'hasImage']);
    engine.images.clear();
    clock.advance(1000);
    await expect(health.status('glambdar-worker')).resolves.toEqual({ reachable: true, imagePresent: false });
  });

  it('says which engine it is, and of one that is down nothing', async () => {
    const { engine, health } = setUp();
    await expect(health.version()).resolves.toBe('Fake Engine 1.0');
    engine.down = true;
    await expect(health.version()).resolves.toBeNull();
  });

  it('reports an engine that is down without asking it again', async () => {
    const { engine, health } = setUp();
    engine.down = true;
    await expect(health.status('glambdar-worker')).resolves.toEqual({
      reachable: false,
      imagePresent: false,
    });
    await health.status('glambdar-worker');
    expect(engine.calls).toEqual(['ping']);
  });
});

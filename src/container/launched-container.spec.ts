import { containerHarness, settled } from '../../test/support/container-harness.js';

const cleanEnd = { exitCode: 0, outOfMemory: false };

describe('a container that is retired', () => {
  it('is removed when its process has ended by itself', async () => {
    const { clock, engine, launch } = containerHarness();
    const container = await launch();
    const retiring = container.retire();
    await settled();
    expect(engine.calls).not.toContain('remove');
    engine.all[0]!.end(cleanEnd);
    await retiring;
    expect(container.state).toBe('removed');
    expect(engine.all).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is killed when it refuses to end within the limit', async () => {
    const { clock, engine, launch } = containerHarness({ endTimeoutMs: 500 });
    const container = await launch();
    const retiring = container.retire();
    clock.advance(499);
    await settled();
    expect(engine.calls).not.toContain('remove');
    clock.advance(1);
    await retiring;
    expect(container.state).toBe('removed');
    expect(engine.all).toEqual([]);
  });

  it('is left to the reaper at once when the engine cannot say', async () => {
    const { engine, service, launch } = containerHarness();
    const container = await launch();
    engine.down = true;
    await container.retire();
    expect(container.state).toBe('leaked');
    expect(service.leaked).toBe(1);
  });

  it('does not hold up a drain', async () => {
    const { clock, engine, service, launch } = containerHarness();
    const container = await launch();
    const retiring = container.retire();
    await service.drain();
    await retiring;
    expect(engine.all).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('how a container ended', () => {
  it('is asked of an engine that has just been away, since it may have taken the container along', async () => {
    const { engine, launch } = containerHarness();
    const container = await launch();
    engine.down = true;
    await expect(launch()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    engine.down = false;
    engine.all[0]!.end(cleanEnd);
    await expect(container.exit()).resolves.toEqual(cleanEnd);
  });
});

import { containerHarness, settled } from '../../test/support/container-harness.js';

/** Removals asked of the engine so far. */
const removals = (calls: readonly string[]) => calls.filter((call) => call === 'remove').length;

describe('the reaper', () => {
  it('tries a removal that failed again, each time after twice the pause, up to the longest', async () => {
    const { clock, engine, service, launch } = containerHarness({
      reaperFirstPauseMs: 1000,
      reaperLongestPauseMs: 4000,
    });
    const container = await launch();
    for (let nth = 1; nth <= 5; nth += 1) engine.failCall(nth, 'refused');
    await container.remove();
    expect(container.state).toBe('leaked');
    expect(service.leaked).toBe(1);
    expect(service.running).toBe(0);
    for (const [tries, pauseMs] of [1000, 2000, 4000, 4000].entries()) {
      clock.advance(pauseMs - 1);
      await settled();
      expect(removals(engine.calls)).toBe(tries + 1);
      clock.advance(1);
      await settled();
      expect(removals(engine.calls)).toBe(tries + 2);
    }
    clock.advance(4000);
    await settled();
    expect(container.state).toBe('removed');
    expect(engine.all).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    expect(service.uidsInUse).toBe(0);
  });

  it('keeps the user id of a leaked container out of use', async () => {
    const { engine, service, launch } = containerHarness({ uidCount: 1 });
    const container = await launch();
    engine.failCall(1, 'refused');
    await container.remove();
    expect(service.uidsInUse).toBe(1);
    await expect(launch()).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('leaves an engine that is down alone and removes at once when it is back', async () => {
    const { clock, engine, service, launch } = containerHarness({ probeIntervalMs: 100 });
    const containers = [await launch(), await launch()];
    engine.down = true;
    await Promise.all(containers.map((container) => container.remove()));
    expect(service.leaked).toBe(2);
    engine.down = false;
    clock.advance(100);
    await settled();
    expect(service.leaked).toBe(0);
    expect(engine.all).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks for no more removals at a time than it may', async () => {
    const { engine, launch } = containerHarness({ parallelRemovals: 1 });
    const containers = [await launch(), await launch()];
    const release = engine.hangCall(1);
    const removing = containers.map((container) => container.remove());
    await settled();
    expect(removals(engine.calls)).toBe(1);
    release();
    await Promise.all(removing);
    expect(removals(engine.calls)).toBe(2);
  });
});

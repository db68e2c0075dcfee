import { poolView, type PoolViewFields } from '../../../test/support/builders/calls.js';
import {
  backgroundDeficit,
  type ArrivalRate,
  arrivalsPerSecond,
  callDeficit,
  fits,
  givesWay,
  type KeptShare,
  noArrivals,
  type PoolView,
  readyDeficit,
  roomMakers,
  surplus,
  totalOf,
  usedRuntimes,
  wantedAhead,
  withArrival,
} from './pool-policy.js';

const nowMs = 1_000_000;

const view = (fields: PoolViewFields = {}) => poolView(nowMs, fields);

function steady(callsPerSecond: number): ArrivalRate {
  let rate = noArrivals;
  for (let call = 0; call < 120 * callsPerSecond; call += 1) {
    rate = withArrival(rate, nowMs - 120_000 + (call * 1000) / callsPerSecond);
  }
  return rate;
}

describe('how many fresh sandboxes are kept ready', () => {
  it('one after the deploy, so that the first call is fast', () => {
    expect(wantedAhead(view(), nowMs)).toBe(1);
  });

  it('more when calls arrive while one is made', () => {
    expect(wantedAhead(view({ arrivals: steady(1) }), nowMs)).toBe(3);
  });

  it('more when provisioning takes longer', () => {
    const quick = wantedAhead(
      view({ arrivals: steady(2), provisionMs: 20, settings: { maxContainers: 64 } }),
      nowMs,
    );
    const slow = wantedAhead(
      view({ arrivals: steady(2), provisionMs: 2000, settings: { maxContainers: 64 } }),
      nowMs,
    );
    expect(slow).toBeGreaterThan(quick);
  });

  it('never more than the maximum', () => {
    expect(wantedAhead(view({ arrivals: steady(50), settings: { maxContainers: 2 } }), nowMs)).toBe(2);
  });

  it('never less than the minimum', () => {
    expect(wantedAhead(view({ settings: { minContainers: 3 } }), nowMs)).toBe(3);
  });

  it('none once the idle time has passed without a call', () => {
    expect(wantedAhead(view({ lastUsefulAtMs: nowMs - 299_999 }), nowMs)).toBe(1);
    expect(wantedAhead(view({ lastUsefulAtMs: nowMs - 300_000 }), nowMs)).toBe(0);
  });

  it('the minimum also when idle', () => {
    const settings = { minContainers: 2 };
    expect(wantedAhead(view({ settings, lastUsefulAtMs: nowMs - 300_000 }), nowMs)).toBe(2);
  });

  it('none for a deleted function, whatever its minimum', () => {
    expect(wantedAhead(view({ closed: true, settings: { minContainers: 2 } }), nowMs)).toBe(0);
  });

  it('none for code that does not load or does not rest', () => {
    expect(wantedAhead(view({ onDemandOnly: true }), nowMs)).toBe(0);
  });
});

describe('what is made for calls that wait', () => {
  it('one for each call that nothing being provisioned will serve', () => {
    expect(callDeficit(view({ waiting: 5, provisioning: 2 }))).toBe(3);
    expect(callDeficit(view({ waiting: 2, provisioning: 3 }))).toBe(0);
  });

  it('also for a deleted function: its calls in flight finish', () => {
    expect(callDeficit(view({ waiting: 1, closed: true }))).toBe(1);
  });

  it('never brings a warm function above its maximum', () => {
    const settings = { isolation: 'warm', maxContainers: 4 } as const;
    expect(callDeficit(view({ settings, waiting: 10, busy: 3 }))).toBe(1);
    expect(callDeficit(view({ settings, waiting: 10, busy: 4 }))).toBe(0);
  });

  it('for the background what callers leave of that', () => {
    expect(backgroundDeficit(view({ waiting: 1, waitingInBackground: 3, provisioning: 2 }))).toBe(2);
    const settings = { isolation: 'warm', maxContainers: 4 } as const;
    expect(backgroundDeficit(view({ settings, waitingInBackground: 3, busy: 3 }))).toBe(1);
  });
});

describe('what is provisioned ahead of calls', () => {
  it('counts what is ready and what is being made for nobody in particular', () => {
    const settings = { minContainers: 4 };
    expect(readyDeficit(view({ settings, available: 1, provisioning: 2 }), nowMs)).toBe(1);
    expect(readyDeficit(view({ settings, available: 1, provisioning: 2, waiting: 2 }), nowMs)).toBe(3);
    expect(
      readyDeficit(view({ settings, available: 1, provisioning: 2, waitingInBackground: 2 }), nowMs),
    ).toBe(3);
  });

  it('leaves a warm function what demand has provisioned, and provisions the first', () => {
    const settings = { isolation: 'warm' } as const;
    expect(readyDeficit(view({ settings }), nowMs)).toBe(1);
    expect(readyDeficit(view({ settings, busy: 1 }), nowMs)).toBe(0);
    expect(readyDeficit(view({ settings, waiting: 1, provisioning: 1 }), nowMs)).toBe(0);
  });
});

describe('what is let go of', () => {
  it('ready fresh sandboxes beyond what is wanted', () => {
    expect(surplus(view({ available: 4 }), nowMs)).toBe(3);
    expect(surplus(view({ available: 1 }), nowMs)).toBe(0);
  });

  it('everything above the minimum when idle', () => {
    const idle = { available: 4, lastUsefulAtMs: nowMs - 300_000 };
    expect(surplus(view({ ...idle, settings: { minContainers: 1 } }), nowMs)).toBe(3);
    expect(surplus(view({ ...idle, settings: { isolation: 'warm' } }), nowMs)).toBe(4);
  });

  it('no warm sandbox while the function is called', () => {
    expect(surplus(view({ available: 3, busy: 1, settings: { isolation: 'warm' } }), nowMs)).toBe(0);
  });

  it('everything of a deleted function', () => {
    expect(surplus(view({ available: 2, closed: true, settings: { isolation: 'warm' } }), nowMs)).toBe(2);
  });
});

describe('the runtimes of which containers are prewarmed', () => {
  const runtimes = (...views: PoolView[]) => [...usedRuntimes(views, nowMs)];
  const settings = { runtime: 'nodejs26.x', idleTimeoutSeconds: 1 } as const;

  it('are the default one, and those of functions that are called', () => {
    expect(runtimes()).toEqual(['nodejs24.x']);
    expect(runtimes(view({ settings }), view({}))).toEqual(['nodejs24.x', 'nodejs26.x']);
  });

  it('are none of functions that are idle or gone', () => {
    expect(runtimes(view({ settings, lastUsefulAtMs: nowMs - 1000 }))).toEqual(['nodejs24.x']);
    expect(runtimes(view({ settings, closed: true }))).toEqual(['nodejs24.x']);
  });
});

describe('the arrival rate', () => {
  it('is zero before the first call', () => {
    expect(arrivalsPerSecond(noArrivals, 1000)).toBe(0);
  });

  it.each([1, 5, 50])('settles at a steady %d calls a second', (callsPerSecond) => {
    let rate = noArrivals;
    const seconds = 120;
    for (let call = 0; call < seconds * callsPerSecond; call += 1) {
      rate = withArrival(rate, (call * 1000) / callsPerSecond);
    }
    expect(arrivalsPerSecond(rate, seconds * 1000) / callsPerSecond).toBeCloseTo(1, 0);
  });

  it('halves in ten seconds without calls', () => {
    const rate = withArrival(noArrivals, 0);
    expect(arrivalsPerSecond(rate, 10_000)).toBeCloseTo(arrivalsPerSecond(rate, 0) / 2);
  });
});

const share = (poolKey: string, containers: number, lastUsefulAtMs: number): KeptShare => ({
  poolKey,
  containers,
  memoryMiB: 128,
  lastUsefulAtMs,
});

describe('the budget of what is kept ready', () => {
  it('is a number of containers', () => {
    const budget = { containers: 2, memoryMiB: 10_000 };
    expect(fits(totalOf([share('a', 1, 0)]), budget, 128)).toBe(true);
    expect(fits(totalOf([share('a', 2, 0)]), budget, 128)).toBe(false);
  });

  it('and an amount of memory, by the limits of the containers', () => {
    const budget = { containers: 100, memoryMiB: 256 };
    expect(fits(totalOf([share('a', 1, 0)]), budget, 128)).toBe(true);
    expect(fits(totalOf([share('a', 1, 0)]), budget, 129)).toBe(false);
  });

  it('lets the least recently useful function give way', () => {
    expect(givesWay([share('old', 1, 1), share('older', 1, 0), share('new', 0, 5)], 'new')).toBe('older');
  });

  it('passes over functions that keep nothing', () => {
    expect(givesWay([share('older', 0, 0), share('old', 1, 1), share('new', 0, 5)], 'new')).toBe('old');
  });

  it('lets as many give way as a large container needs, and nobody when that would not do', () => {
    const budget = { containers: 100, memoryMiB: 512 };
    const shares = [share('oldest', 1, 0), share('old', 2, 1), share('newer', 1, 9)];
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 128 })).toEqual(['oldest']);
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 384 })).toEqual(['oldest', 'old', 'old']);
    expect(
      roomMakers([share('newer', 4, 9), share('new', 0, 5)], budget, { poolKey: 'new', memoryMiB: 128 }),
    ).toBeUndefined();
    expect(roomMakers(shares, budget, { poolKey: 'new', memoryMiB: 513 })).toBeUndefined();
  });

  it('takes nothing from a function that was useful later', () => {
    expect(givesWay([share('newer', 3, 9), share('new', 1, 5)], 'new')).toBeUndefined();
  });
});

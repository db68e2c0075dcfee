import fc from 'fast-check';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { type BucketState, RateLimiter, take } from './rate-limiter.js';

describe('the rates of several clients', () => {
  it('are counted for each of them', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 }, 10, new ManualClock());
    expect(['a', 'a', 'b', 'b'].map((whose) => limiter.take(whose).isGranted)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('take bounded memory: the one that was idle for longest is forgotten', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 }, 2, new ManualClock());
    for (const whose of ['a', 'b', 'a', 'c']) limiter.take(whose);
    expect(limiter.bucketCount).toBe(2);
    expect([limiter.take('a').isGranted, limiter.take('b').isGranted]).toEqual([false, true]);
    for (let i = 0; i < 1000; i += 1) limiter.take(`client ${i}`);
    expect(limiter.bucketCount).toBe(2);
  });
});

const limit = { burst: 3, perSecond: 2 };

/** Takes at each of the times and says which were granted. */
function grantsAt(timesMs: readonly number[]): boolean[] {
  let state: BucketState | undefined;
  return timesMs.map((nowMs) => {
    const taken = take(state, limit, nowMs);
    state = taken.state;
    return taken.isGranted;
  });
}

describe('a token bucket', () => {
  it('grants a burst, then the rate', () => {
    expect(grantsAt([0, 0, 0, 0, 499, 500, 501, 1000])).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it('says how long to wait, and waiting so long is enough', () => {
    let taken = take(undefined, limit, 0);
    while (taken.isGranted) taken = take(taken.state, limit, 100);
    expect(taken.retryAfterMs).toBeGreaterThan(0);
    expect(take(taken.state, limit, 100 + Math.ceil(taken.retryAfterMs)).isGranted).toBe(true);
  });

  it('counts down what is left and fills up again', () => {
    const first = take(undefined, limit, 0);
    expect(first).toMatchObject({ remaining: 2, retryAfterMs: 0, fullAfterMs: 500 });
    expect(take(first.state, limit, 500).remaining).toBe(2);
    expect(take(first.state, limit, 1_000_000).remaining).toBe(2);
  });

  it('never grants more than burst and rate together, however requests come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 }), (gapsMs) => {
        let nowMs = 0;
        const timesMs = gapsMs.map((gapMs) => (nowMs += gapMs));
        const granted = grantsAt(timesMs).filter(Boolean).length;
        const spanMs = nowMs - (timesMs[0] ?? 0);
        expect(granted).toBeLessThanOrEqual(limit.burst + (spanMs / 1000) * limit.perSecond);
      }),
    );
  });
});

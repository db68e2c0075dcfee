import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RateLimiter } from './rate-limiter.js';

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

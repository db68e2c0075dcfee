import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { FairRate } from './fair-rate.js';

const rateOf = (clock: ManualClock) => new FairRate(clock, { total: 100, share: 50, burstMs: 1000 });

describe('FairRate', () => {
  it('lets a holder spend its share of a second at once, and then as time gives it back', () => {
    const clock = new ManualClock();
    const rate = rateOf(clock);
    rate.spend('a', 49);
    expect(rate.isSpent('a')).toBe(false);
    rate.spend('a', 6);
    expect(rate.isSpent('a')).toBe(true);
    clock.advance(100);
    expect(rate.isSpent('a')).toBe(true);
    clock.advance(100);
    expect(rate.isSpent('a')).toBe(false);
  });

  it('is not spent for one by what others spend', () => {
    const rate = rateOf(new ManualClock());
    rate.spend('a', 1000);
    rate.spend('b', 1000);
    expect(rate.isSpent('c')).toBe(false);
  });

  it('gives all together no more than the total, divided equally among those who spend', () => {
    const clock = new ManualClock();
    const rate = rateOf(clock);
    const holders = ['a', 'b', 'c', 'd'];
    const spent = new Map(holders.map((holder) => [holder, -50]));
    for (let step = 0; step < 1000; step += 1) {
      for (const holder of holders) {
        if (rate.isSpent(holder)) continue;
        rate.spend(holder);
        spent.set(holder, spent.get(holder)! + 1);
      }
      clock.advance(10);
    }
    for (const amount of spent.values()) expect(amount).toBeCloseTo(10 * 25, -1);
  });

  it('wakes who waits once it may spend again, and keeps no timer for who has left', () => {
    const clock = new ManualClock();
    const rate = rateOf(clock);
    const woken: string[] = [];
    rate.spend('a', 60);
    rate.spend('b', 1000);
    rate.whenAgain('a', () => woken.push('a'));
    const leave = rate.whenAgain('b', () => woken.push('b'));
    clock.advance(200);
    expect(woken).toEqual([]);
    clock.advance(100);
    expect(woken).toEqual(['a']);
    leave();
    expect(clock.pendingTimers).toBe(0);
  });
});

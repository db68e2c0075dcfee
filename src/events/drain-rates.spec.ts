import { ManualClock } from '../../test/fakes/manual-clock.js';
import { DrainRates } from './drain-rates.js';

let clock: ManualClock;
let rates: DrainRates;
beforeEach(() => {
  clock = new ManualClock();
  rates = new DrainRates(clock);
});

function leave(times: number, everyMs: number) {
  for (let count = 0; count < times; count += 1) {
    rates.left('f');
    clock.advance(everyMs);
  }
}

describe('when a refused event may come again', () => {
  it('is a minute from now where no event has ended yet', () => {
    expect(rates.retryAfterMs('f', 100)).toBe(60_000);
    rates.left('f');
    expect(rates.retryAfterMs('f', 100)).toBe(60_000);
  });

  it('is when the next one has ended, and for each later one refused when one more has', () => {
    leave(10, 2000);
    expect([1, 2, 3].map(() => rates.retryAfterMs('f', 100))).toEqual([2000, 4000, 6000]);
    clock.advance(1000);
    expect(rates.retryAfterMs('f', 100)).toBe(8000);
  });

  it('is never later than the whole queue takes, nor than an hour', () => {
    leave(10, 2000);
    const told = Array.from({ length: 10 }, () => rates.retryAfterMs('f', 3));
    expect(Math.max(...told)).toBe(6000);
    clock.advance(2 * 3_600_000);
    expect(rates.retryAfterMs('f', 100)).toBe(3_600_000);
  });

  it('is never less than a second', () => {
    leave(10, 1);
    expect(rates.retryAfterMs('f', 100)).toBe(1000);
  });

  it('is not known of a function that was deleted', () => {
    leave(10, 2000);
    rates.forget('f');
    expect(rates.retryAfterMs('f', 100)).toBe(60_000);
  });
});

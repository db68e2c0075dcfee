import { arrivalsPerSecond, noArrivals, withArrival } from './arrival-rate.js';

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

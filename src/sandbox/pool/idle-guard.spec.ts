import { cpuPercentBetween, wasIdle } from './idle-guard.js';

const sample = { atMs: 10_000, usedMs: 100, callsServed: 3 };

describe('what an idle container used', () => {
  it('is counted in per cent of one core', () => {
    expect(cpuPercentBetween(sample, { ...sample, atMs: 14_000, usedMs: 300 })).toBe(5);
  });

  it('is unknown for a span that is too short', () => {
    expect(cpuPercentBetween(sample, { ...sample, atMs: 11_999, usedMs: 2000 })).toBeUndefined();
  });

  it('was for a call where it served one in between', () => {
    expect(wasIdle(sample, { ...sample, atMs: 14_000 })).toBe(true);
    expect(wasIdle(sample, { ...sample, atMs: 14_000, callsServed: 4 })).toBe(false);
  });
});

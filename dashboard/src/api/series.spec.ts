import { errorRate, highest, latest, timesOf, totalsOf } from './series.js';

const series = {
  from: '2026-05-01T12:00:00Z',
  calls: [4, 0, 6],
  callerErrors: [1, 0, 0],
  functionErrors: [0, 0, 2],
  platformErrors: [0, 0, 1],
  p50Ms: [2, null, 4],
  p99Ms: [9, null, 8],
};

describe('calls over time', () => {
  it('have the time of each step', () => {
    const first = Date.parse(series.from) / 1000;
    expect(timesOf(series, 60)).toEqual([first, first + 60, first + 120]);
  });

  it('are added up, by whose fault failures were', () => {
    expect(totalsOf(series)).toEqual({
      calls: 10,
      callerErrors: 1,
      functionErrors: 2,
      platformErrors: 1,
      errors: 4,
    });
  });

  it('have a rate of errors where there were calls', () => {
    expect(errorRate({ calls: 10, errors: 4 })).toBe(0.4);
    expect(errorRate({ calls: 0, errors: 0 })).toBeNull();
  });

  it('have a latest and a highest duration, over gaps, or none', () => {
    expect([latest([2, 4, null]), highest([2, 4, null])]).toEqual([4, 4]);
    expect([latest([null]), highest([])]).toEqual([null, null]);
  });
});

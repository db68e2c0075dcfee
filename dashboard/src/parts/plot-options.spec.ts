import { lonely } from './plot-options.js';

describe('values that no line leads to', () => {
  it('are those between two gaps, or between a gap and an end', () => {
    expect(lonely([1, null, 2, null, 3, 4, null, 5])).toEqual([0, 2, 7]);
    expect(lonely([1])).toEqual([0]);
    expect(lonely([1, 2, 3])).toEqual([]);
    expect(lonely([null, undefined])).toEqual([]);
  });
});

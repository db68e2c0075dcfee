import { LabelledCounter } from './counters.js';

describe('a tally', () => {
  it('counts each kind by itself', () => {
    const tally = new LabelledCounter<'a' | 'b' | 'c'>();
    tally.add('a');
    tally.add('b');
    tally.add('a');
    expect(tally.byKind).toEqual({ a: 2, b: 1 });
  });
});

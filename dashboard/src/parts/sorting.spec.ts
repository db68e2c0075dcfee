import { pressed, sorted } from './sorting.js';

describe('the rows of a table', () => {
  it('are sorted with numbers as numbers, names as people read them, and what has no key last', () => {
    expect(sorted([3, 1, 2], (row) => row, false)).toEqual([1, 2, 3]);
    expect(sorted(['f10', 'F2', 'f1'], (row) => row, false)).toEqual(['f1', 'F2', 'f10']);
    const sparse = [{ at: null }, { at: 1 }, { at: 2 }];
    expect(sorted(sparse, ({ at }) => at, true).map(({ at }) => at)).toEqual([2, 1, null]);
    expect(sorted(sparse, ({ at }) => at, false).map(({ at }) => at)).toEqual([1, 2, null]);
  });

  it('keep their order where keys are equal', () => {
    expect(sorted(['b1', 'a1', 'b2'], (row) => row.slice(1), true)).toEqual(['b2', 'b1', 'a1']);
  });

  it('turn round when the same heading is pressed again', () => {
    const byCalls = pressed({ column: 'name', descending: false }, 'calls', true);
    expect(byCalls).toEqual({ column: 'calls', descending: true });
    expect(pressed(byCalls, 'calls', true).descending).toBe(false);
  });
});

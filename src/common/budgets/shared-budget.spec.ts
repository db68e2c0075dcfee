import { SharedBudget } from './shared-budget.js';
import { shareOf } from './fair-share.settings.js';

describe('SharedBudget', () => {
  it('gives up to the total, over all holders', () => {
    const budget = new SharedBudget({ total: 4, share: 3 });
    expect(budget.take('a', 3)).toBeUndefined();
    expect(budget.take('b', 2)).toBe('total');
    expect(budget.take('b', 1)).toBeUndefined();
    expect(budget.used).toBe(4);
  });

  it('keeps each holder to its share while there is room for others', () => {
    const budget = new SharedBudget({ total: 4, share: 2 });
    expect(budget.take('a', 2)).toBeUndefined();
    expect(budget.take('a')).toBe('share');
    expect(budget.take('b')).toBeUndefined();
  });

  it('takes nothing where it cannot give all', () => {
    const budget = new SharedBudget({ total: 4, share: 4 });
    expect(budget.take('a', 5)).toBe('share');
    expect(budget.used).toBe(0);
    expect(budget.usedBy('a')).toBe(0);
  });

  it('lets a holder without a name have all there is', () => {
    const budget = new SharedBudget({ total: 4, share: 2 });
    expect(budget.take(undefined, 4)).toBeUndefined();
    expect(budget.take('a')).toBe('total');
    budget.giveBack(undefined, 4);
    expect(budget.used).toBe(0);
  });

  it('gives again what came back', () => {
    const budget = new SharedBudget({ total: 2, share: 1 });
    budget.take('a');
    budget.giveBack('a');
    expect(budget.take('a')).toBeUndefined();
  });
});

describe('shareOf', () => {
  it.each([
    [64, 50, 32],
    [3, 50, 2],
    [1, 1, 1],
    [0, 50, 0],
    [10, 100, 10],
  ])('of %i, %i percent is %i', (total, percent, share) => {
    expect(shareOf(total, percent)).toBe(share);
  });
});

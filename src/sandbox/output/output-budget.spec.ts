import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { OutputBudget } from './output-budget.js';

let clock: ManualClock;
let budget: OutputBudget;
beforeEach(() => {
  clock = new ManualClock();
  budget = new OutputBudget(clock);
});

/** How many prints of this size pass no limit. */
function printsUntilPassed(bytes: number): number {
  for (let count = 0; ; count += 1) if (budget.exceededBy(bytes) !== undefined) return count;
}

describe('what a container may print', () => {
  it('is plenty in a call, in prints and in bytes', () => {
    budget.startCall();
    expect(printsUntilPassed(1)).toBe(1_000_000);
    budget.startCall();
    expect(printsUntilPassed(65_536)).toBe(4096);
  });

  it('is little while no call runs', () => {
    budget.becomeIdle();
    expect(printsUntilPassed(1)).toBe(1000);
    budget.becomeIdle();
    expect(printsUntilPassed(65_536)).toBe(4);
  });

  it('comes back with time while no call runs, up to where it began', () => {
    budget.becomeIdle();
    printsUntilPassed(1);
    clock.advance(1000);
    // The print that passed the limit counts as well.
    expect(printsUntilPassed(1)).toBe(49);
    clock.advance(3_600_000);
    expect(printsUntilPassed(1)).toBe(1000);
  });

  it('begins anew with each call', () => {
    budget.becomeIdle();
    printsUntilPassed(1);
    budget.startCall();
    expect(budget.exceededBy(1)).toBeUndefined();
  });

  it('names the limit that was passed, and when', () => {
    budget.becomeIdle();
    for (let count = 0; count < 1000; count += 1) budget.exceededBy(1);
    expect(budget.exceededBy(1)).toBe(
      'The function printed more than 1000 times while no call ran, and its container was removed; print less.',
    );
    budget.becomeIdle();
    expect(budget.exceededBy(262_145)).toContain('262144 bytes while no call ran');
  });
});

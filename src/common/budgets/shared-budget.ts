/** Why nothing was taken: the holder has its share already, or all of it is taken. */
export type Shortage = 'share' | 'total';

export interface BudgetLimits {
  /** Most that all holders together may have. */
  readonly total: number;
  /** Most that one of them may have. */
  readonly share: number;
}

/**
 * A number of something (bytes, connections, calls) that many holders take from: all of them together at most `total`,
 * and each at most `share`, so that one who takes all that it can get leaves something to the others. It only counts:
 * whoever takes gives back, exactly once.
 */
export class SharedBudget {
  private readonly byHolder = new Map<string, number>();
  private taken = 0;

  constructor(private readonly limits: BudgetLimits) {}

  /** Most that one holder may have. */
  get share(): number {
    return this.limits.share;
  }

  get used(): number {
    return this.taken;
  }

  usedBy(holder: string): number {
    return this.byHolder.get(holder) ?? 0;
  }

  /** What keeps the holder from taking `amount`, or undefined. A holder that is undefined has no share to keep to. */
  shortageFor(holder: string | undefined, amount = 1): Shortage | undefined {
    if (holder !== undefined && this.usedBy(holder) + amount > this.limits.share) return 'share';
    return this.taken + amount > this.limits.total ? 'total' : undefined;
  }

  /** Takes all of `amount`, or nothing and says what is short. */
  take(holder: string | undefined, amount = 1): Shortage | undefined {
    const shortage = this.shortageFor(holder, amount);
    if (shortage === undefined) this.add(holder, amount);
    return shortage;
  }

  giveBack(holder: string | undefined, amount = 1): void {
    this.add(holder, -amount);
  }

  /** Counts what is taken whatever is left: it was decided elsewhere, and those that ask find less. */
  add(holder: string | undefined, amount = 1): void {
    this.taken += amount;
    if (holder === undefined) return;
    const has = this.usedBy(holder) + amount;
    // Holders come and go; one that has nothing takes no memory.
    if (has === 0) this.byHolder.delete(holder);
    else this.byHolder.set(holder, has);
  }
}

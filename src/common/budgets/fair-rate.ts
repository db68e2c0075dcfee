import type { CancelTimer, Clock } from '../time/clock.js';

export interface RateLimits {
  /** What all holders together may spend in a second, in the long run. */
  readonly total: number;
  /** Most that one of them may. */
  readonly share: number;
  /** How much of its share a holder may spend at once, as the time that it takes to have it again. */
  readonly burstMs: number;
}

/** How often debts are looked at: more seldom than most who spend, which keeps spending cheap. */
const settleMs = 100;

/**
 * Something that is spent and comes again with time (bytes carried, requests, lines), and that many holders spend. What
 * comes again is divided equally among those who have spent, each at most its share: whoever spends little always may,
 * however many spend all that they get.
 */
export class FairRate {
  /** What each holder has spent and time has not given back; none has nothing. */
  private readonly debts = new Map<string, number>();
  private readonly waiting = new Set<{ readonly holder: string; readonly action: () => void }>();
  private settledAtMs: number;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {
    this.settledAtMs = clock.monotonicMs();
  }

  /** Most that one holder may spend in a second. */
  get share(): number {
    return this.limits.share;
  }

  /** Counts what was spent, also beyond the limit: then `isSpent` for so much longer. */
  spend(holder: string, amount = 1): void {
    this.settle();
    this.debts.set(holder, (this.debts.get(holder) ?? 0) + amount);
  }

  /** Whether the holder has to wait before it spends more. */
  isSpent(holder: string): boolean {
    this.settle();
    return this.isInDebt(holder);
  }

  /** Runs the action once the holder may spend again, soon in any case; gives what ends the waiting. */
  whenAgain(holder: string, action: () => void): CancelTimer {
    const wait = { holder, action };
    if (this.waiting.size === 0) this.schedule();
    this.waiting.add(wait);
    return () => {
      this.waiting.delete(wait);
      if (this.waiting.size === 0) this.cancelTimer();
    };
  }

  private isInDebt(holder: string): boolean {
    const { share, burstMs } = this.limits;
    return (this.debts.get(holder) ?? 0) >= (share * burstMs) / 1000;
  }

  private settle(): void {
    const nowMs = this.clock.monotonicMs();
    const seconds = (nowMs - this.settledAtMs) / 1000;
    if (seconds * 1000 < settleMs) return;
    this.settledAtMs = nowMs;
    const back = seconds * Math.min(this.limits.share, this.limits.total / this.debts.size);
    for (const [holder, debt] of this.debts) {
      if (debt > back) this.debts.set(holder, debt - back);
      else this.debts.delete(holder);
    }
  }

  private schedule(): void {
    this.cancelTimer = this.clock.schedule(settleMs, () => {
      this.settle();
      const ready = [...this.waiting].filter(({ holder }) => !this.isInDebt(holder));
      for (const wait of ready) this.waiting.delete(wait);
      if (this.waiting.size > 0) this.schedule();
      for (const { action } of ready) action();
    });
  }
}

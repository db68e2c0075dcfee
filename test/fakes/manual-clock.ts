import { Clock, type CancelTimer } from '../../src/common/time/clock.js';

interface PendingTimer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** Time that moves only when a test says so; the contract suite of `Clock` runs on it as well. */
export class ManualClock extends Clock {
  private nowMs = 0;
  private steppedMs = 0;
  private readonly timers = new Set<PendingTimer>();

  override monotonicMs(): number {
    return this.nowMs;
  }

  override wallTime(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.nowMs + this.steppedMs);
  }

  /** As when somebody sets the machine's clock: no deadline moves. */
  stepWallTime(byMs: number): void {
    this.steppedMs += byMs;
  }

  override schedule(delayMs: number, action: () => void): CancelTimer {
    const timer: PendingTimer = { dueMs: this.nowMs + delayMs, action };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  /** Timers not yet run nor cancelled: a leak check reads this. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Moves time forward and runs what falls due, in order. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (let next = this.nextDue(endMs); next; next = this.nextDue(endMs)) {
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.action();
    }
    this.nowMs = endMs;
  }

  private nextDue(endMs: number): PendingTimer | undefined {
    return [...this.timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

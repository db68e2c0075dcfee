import type { CancelTimer, Clock } from '../../common/time/clock.js';
import type { QueuedCall } from './waiting-calls.js';

/**
 * Ends the waiting of calls that have waited as long as they may. That is the same for all, so it passes in the order in
 * which they came, and one timer does for all of them.
 */
export class QueueDeadline {
  /** The longest waiting first. */
  private readonly calls = new Set<QueuedCall>();
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly withinMs: number,
  ) {}

  begin(call: QueuedCall): void {
    this.calls.add(call);
    if (!this.cancelTimer) this.schedule(this.withinMs);
  }

  /** The call waits no more. */
  end(call: QueuedCall): void {
    this.calls.delete(call);
    if (this.calls.size > 0) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private schedule(delayMs: number): void {
    this.cancelTimer = this.clock.schedule(delayMs, () => {
      this.cancelTimer = undefined;
      this.pass();
    });
  }

  private pass(): void {
    const nowMs = this.clock.monotonicMs();
    for (const call of this.calls) {
      const leftMs = call.sinceMs + this.withinMs - nowMs;
      if (leftMs > 0) {
        if (!this.cancelTimer) this.schedule(leftMs);
        return;
      }
      this.calls.delete(call);
      call.timeOut();
    }
  }
}

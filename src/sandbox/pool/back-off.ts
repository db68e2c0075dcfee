const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** After a container could not be provisioned ahead of calls: a pause, each time twice as long, at most a minute. */
export class FailureBackOff {
  private pausedUntilMs = 0;
  private pauseMs = firstPauseMs;

  failed(nowMs: number): void {
    this.pausedUntilMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
  }

  succeeded(): void {
    this.pauseMs = firstPauseMs;
  }

  isActive(nowMs: number): boolean {
    return nowMs < this.pausedUntilMs;
  }
}

/** Long enough for a prewarmed container to load a function, and for a new one to start on a quiet machine. */
const longestMs = 250;
/** Longer than most calls take, and short compared with the start of a container. */
const afterwardsMs = 10;

/**
 * While a container is provisioned for a call that waits, and until that call is likely to be over, none is provisioned
 * ahead: it would take the CPU that the call needs. The wait has a limit, or steady calls that find nothing ready would
 * never find it.
 */
export class PrewarmBackOff {
  private provisioning = 0;
  private sinceMs = Number.NEGATIVE_INFINITY;
  private endedAtMs = Number.NEGATIVE_INFINITY;

  callStarted(nowMs: number): void {
    if (this.provisioning === 0) this.sinceMs = nowMs;
    this.provisioning += 1;
  }

  callServed(nowMs: number): void {
    this.provisioning -= 1;
    this.endedAtMs = nowMs;
  }

  isActive(nowMs: number): boolean {
    if (nowMs >= this.sinceMs + longestMs) return false;
    return this.provisioning > 0 || nowMs < this.endedAtMs + afterwardsMs;
  }
}

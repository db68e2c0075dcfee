import type { Sandbox } from '../sandbox.js';

/** After a stem could not be made: wait, each time twice as long, at most a minute. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** Booted sandboxes without a function. Holds state only; `MakeQueue` makes them. */
export class StemPool {
  making = 0;
  private readonly stems: Sandbox[] = [];
  private pausedUntilMs = 0;
  private pauseMs = firstPauseMs;

  get count(): number {
    return this.stems.length;
  }

  isPaused(nowMs: number): boolean {
    return nowMs < this.pausedUntilMs;
  }

  keep(stem: Sandbox): void {
    this.stems.push(stem);
    this.pauseMs = firstPauseMs;
  }

  /** The oldest first: it has had the longest time to come to rest. */
  take(): Sandbox | undefined {
    return this.stems.shift();
  }

  /** Forgets a stem; false when it was not among them. */
  drop(stem: Sandbox): boolean {
    const index = this.stems.indexOf(stem);
    if (index >= 0) this.stems.splice(index, 1);
    return index >= 0;
  }

  pause(nowMs: number): void {
    this.pausedUntilMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
  }
}

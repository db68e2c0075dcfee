import type { Trial } from '../../trial.js';

/**
 * Behind the unanswered calls of so many seconds the next one waits: a machine that is too busy for the rate gets what
 * it manages, and a call that is late only because of those before it is no failure.
 */
const mostSecondsBehind = 2;
const lookAgainMs = 5;

/** Calls at fixed times, however long earlier ones take; each is a case of the trial. */
export class SteadyLoad {
  private readonly tookMs: number[] = [];
  private stopped = false;
  private sent = 0;
  private ended = 0;
  private seconds = 0;

  constructor(
    private readonly perSecond: number,
    private readonly call: () => Promise<void>,
  ) {}

  /** Resolves when the last call has ended after `stop`. */
  async run(trial: Trial): Promise<void> {
    const startedMs = performance.now();
    const calls: Promise<void>[] = [];
    while (!this.stopped) {
      const dueMs = startedMs + (this.sent * 1000) / this.perSecond;
      const waitMs =
        this.sent - this.ended < mostSecondsBehind * this.perSecond ? dueMs - performance.now() : lookAgainMs;
      if (waitMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        continue;
      }
      this.sent += 1;
      calls.push(trial.case(`call ${this.sent}`, () => this.timed()));
    }
    await Promise.all(calls);
    this.seconds = (performance.now() - startedMs) / 1000;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Calls that were answered as they should be. */
  get answered(): number {
    return this.tookMs.length;
  }

  get summary(): string {
    const sorted = this.tookMs.sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
    const rate = (sorted.length / this.seconds).toFixed(1);
    return `${sorted.length} of ${this.sent} calls answered, ${rate}/s of ${this.perSecond}/s wanted: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
  }

  private async timed(): Promise<void> {
    const startedMs = performance.now();
    try {
      await this.call();
      this.tookMs.push(performance.now() - startedMs);
    } finally {
      this.ended += 1;
    }
  }
}

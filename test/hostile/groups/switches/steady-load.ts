import type { Trial } from '../../trial.js';

/** Calls at fixed times, however long earlier ones take; each is a case of the trial. */
export class SteadyLoad {
  private readonly tookMs: number[] = [];
  private stopped = false;

  constructor(
    private readonly perSecond: number,
    private readonly call: () => Promise<void>,
  ) {}

  /** Resolves when the last call has ended after `stop`. */
  async run(trial: Trial): Promise<void> {
    const startedMs = performance.now();
    const calls: Promise<void>[] = [];
    while (!this.stopped) {
      const dueMs = startedMs + (calls.length * 1000) / this.perSecond;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      calls.push(trial.case(`call ${calls.length}`, () => this.timed()));
    }
    await Promise.all(calls);
  }

  stop(): void {
    this.stopped = true;
  }

  get summary(): string {
    const sorted = this.tookMs.sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
    return `${sorted.length} calls answered at ${this.perSecond}/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
  }

  private async timed(): Promise<void> {
    const startedMs = performance.now();
    await this.call();
    this.tookMs.push(performance.now() - startedMs);
  }
}

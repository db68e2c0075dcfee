import type { TrialClient } from '../server.js';
import type { Trial } from '../trial.js';

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

/** A function whose version changes while it is called, and which versions a call may have run. */
export class SwitchedFunction {
  /** Versions in the order in which they were asked to become current. */
  private readonly asked = [1];
  /** How many of them are acknowledged. */
  private acknowledged = 1;
  private newest = 1;

  constructor(
    readonly name: 'warm' | 'fresh',
    private readonly archive: (number: number) => Buffer,
  ) {}

  /** Rejects unless the answer is whole, and of a version that was current at some moment of the call. */
  async call(client: TrialClient): Promise<void> {
    const first = this.acknowledged - 1;
    const { status, text } = await client.invoke(this.name);
    if (status !== 200) throw new Error(`${status} ${text}`);
    const possible = this.asked.slice(first);
    const seen = new Set(JSON.parse(text) as number[]);
    const [version] = seen;
    if (seen.size !== 1) throw new Error(`It ran several versions: ${text}`);
    if (!possible.includes(version ?? 0)) throw new Error(`It ran ${version}, not one of ${possible.join()}`);
  }

  /** Goes back to the version before, or on to a new one. */
  async switch(client: TrialClient, goBack: boolean): Promise<void> {
    const current = this.asked.at(-1) ?? 1;
    const wanted = goBack ? current - 1 : this.newest + 1;
    this.asked.push(wanted);
    const answer = goBack
      ? await client.rollBack(this.name, wanted)
      : await client.publish(this.name, this.archive(wanted));
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    this.acknowledged = this.asked.length;
    this.newest = Math.max(this.newest, wanted);
  }
}

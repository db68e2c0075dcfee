import { setTimeout as after } from 'node:timers/promises';
import type { TrialClient } from '../server.js';

const name = 'canary';
const pauseMs = 50;
/** A warm call takes a millisecond or two; the rest is room for a busy machine, on which the quick run has to hold. */
const nearlyAllWithinMs = { quick: 15_000, full: 2500 };
const slowestMs = { quick: 120_000, full: 30_000 };

/** A harmless function that is called all the time: whatever happens beside it, it must answer fast and right. */
export class Canary {
  private readonly tookMs: number[] = [];
  private isStopped = false;
  private readonly singing: Promise<void>;

  private constructor(private readonly client: TrialClient) {
    this.singing = this.singOn();
    this.singing.catch(() => undefined);
  }

  static async sing(client: TrialClient): Promise<Canary> {
    const settings = { isolation: 'warm', minContainers: 1, maxContainers: 1 };
    await client.deploy(name, 'exports.handler = async (event) => ({ body: event.body });', settings);
    await client.invoke(name, 'first');
    return new Canary(client);
  }

  /** Rejects when it was ever silent, wrong or slow. */
  async stop(run: 'quick' | 'full'): Promise<void> {
    this.isStopped = true;
    await this.singing;
    if (this.tookMsAt(0.95) > nearlyAllWithinMs[run] || this.tookMsAt(1) > slowestMs[run])
      throw new Error(this.summary);
    await this.client.delete(name);
  }

  get summary(): string {
    const at = (share: number) => this.tookMsAt(share).toFixed(1);
    return `the canary answered ${this.tookMs.length} calls: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, slowest ${at(1)} ms`;
  }

  private tookMsAt(share: number): number {
    const sorted = this.tookMs.toSorted((a, b) => a - b);
    return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  }

  private async singOn(): Promise<void> {
    for (let song = 0; !this.isStopped; song += 1) {
      const startedMs = performance.now();
      const { status, text } = await this.client.invoke(name, `song ${song}`);
      this.tookMs.push(performance.now() - startedMs);
      if (status !== 200 || text !== `"song ${song}"`) throw new Error(`The canary said ${status} ${text}`);
      await after(pauseMs);
    }
  }
}

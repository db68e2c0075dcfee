import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HostileServer, TrialClient } from '../server.js';
import { becomes } from '../../support/eventually.js';
import type { VoiceOptions, Wish } from './voice.js';

/** How one call of the canary went, as its caller saw it. */
export interface Reading {
  readonly invocationId: string;
  /** What it sent, and so what it must find in its log. */
  readonly song: string;
  readonly tookMs: number;
  /** What was wrong with the answer; `''` when nothing was. */
  readonly error: string;
}

/** How long a share of the calls took at most, in milliseconds; NaN where there was none. */
export function tookMsAt(share: number, readings: readonly Reading[]): number {
  const sorted = readings.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/** Of several rounds the one in the middle: a single stall of the machine is no verdict. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** What the canary's function is; it must print what it was sent, and answer with it. */
export interface Plumage {
  readonly name: string;
  readonly code: string;
  readonly settings: object;
  readonly callers: number;
  readonly pauseMs: number;
}

/** Written every tenth of a second; a busy machine may take its time. */
const recordedWithinMs = 60_000;
const mostRead = 1000;

/**
 * A function that is called steadily with a key of its own, and what its callers see. They live in a thread: in that of
 * the attackers they would read how busy those are, and not the server.
 */
export class FairCanary {
  private constructor(
    private readonly name: string,
    private readonly client: TrialClient,
    private readonly voice: Worker,
  ) {}

  static async hatch(
    { port, url }: HostileServer,
    clients: { readonly admin: TrialClient; readonly own: TrialClient; readonly key: string },
    { name, code, settings, callers, pauseMs }: Plumage,
  ): Promise<FairCanary> {
    await clients.admin.deploy(name, code, settings);
    const workerData: VoiceOptions = { port, key: clients.key, functionName: name, callers, pauseMs };
    const voice = new Worker(new URL('./voice.ts', import.meta.url), { workerData });
    const { status, text } = await clients.own.invoke(name, 'first');
    if (status !== 200) throw new Error(`The canary at ${url} said ${status} ${text}`);
    return new FairCanary(name, clients.own, voice);
  }

  /** What was read of the calls that began before the work was over, which must not reject. */
  async during(work: () => Promise<unknown>): Promise<readonly Reading[]> {
    this.tell('sing');
    await work();
    this.tell('rest');
    const [readings] = (await once(this.voice, 'message')) as [readonly Reading[]];
    return readings;
  }

  /** What is missing of these calls' records and lines, in words; empty when all is there. */
  async lost(readings: readonly Reading[]): Promise<string> {
    const calls = readings.filter(({ invocationId }) => invocationId !== '').slice(-mostRead);
    let missing = '';
    const isThere = async () => {
      const recorded = await this.recorded();
      const printed = await this.printed();
      const records = calls.filter(({ invocationId }) => !recorded.has(invocationId)).length;
      const lines = calls.filter(({ song }) => !printed.has(song)).length;
      missing = `${records} records and ${lines} lines of ${calls.length} calls`;
      return records + lines === 0;
    };
    return (await becomes(isThere, recordedWithinMs)) ? '' : missing;
  }

  async end(): Promise<void> {
    await this.voice.terminate();
  }

  private tell(wish: Wish): void {
    this.voice.postMessage(wish);
  }

  private async recorded(): Promise<ReadonlySet<string>> {
    const { text } = await this.client.get(`/invocations?function=${this.name}&limit=${mostRead}`);
    const { invocations } = JSON.parse(text) as { invocations: { id: string }[] };
    return new Set(invocations.map(({ id }) => id));
  }

  private async printed(): Promise<ReadonlySet<string>> {
    const { text } = await this.client.get(`/logs/${this.name}?limit=${mostRead}`);
    const { lines } = JSON.parse(text) as { lines: { text: string }[] };
    return new Set(lines.map((line) => line.text));
  }
}

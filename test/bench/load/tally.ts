/** What a load generator counts while it works. */
import type { Answer } from './connection.js';

export interface LoadResult {
  /** Of answered calls (status 200 or 202 with the expected body), in order of their answers. */
  readonly latenciesMs: number[];
  /** Answered ones, from the first request to the last answer. */
  readonly callsPerSecond: number;
  /** From the first request to the last answer. */
  readonly spanMs: number;
  /** Everything but an answered call, by status or error. */
  readonly failures: Record<string, number>;
  /** How the containers came, as `Server-Timing` says. */
  readonly origins: Record<string, number>;
  /** Of the first calls. */
  readonly serverTimings: string[];
  /** Of one core. */
  readonly generatorCpuPercent: number;
}

const MOST_TIMINGS = 200;
const ORIGIN = 'container;desc="';
const SERVER_TIMING = /^server-timing: *(.*)$/im;

export class Tally {
  #latenciesMs: number[] = [];
  #failures: Record<string, number> = {};
  #origins: Record<string, number> = {};
  #serverTimings: string[] = [];
  #startedAt = performance.now();
  #lastAnswerAt = this.#startedAt;
  #cpuAtStart = process.cpuUsage();

  /** @param expectedText what the body of every good answer holds */
  constructor(private readonly expectedText: string) {}

  answered(answer: Answer, latencyMs: number) {
    this.#lastAnswerAt = performance.now();
    if (!isGood(answer) || !answer.body.includes(this.expectedText)) {
      count(this.#failures, isGood(answer) ? 'wrong body' : String(answer.status));
      return;
    }
    this.#latenciesMs.push(latencyMs);
    const at = answer.head.indexOf(ORIGIN);
    if (at < 0) return;
    const from = at + ORIGIN.length;
    count(this.#origins, answer.head.slice(from, answer.head.indexOf('"', from)));
    if (this.#serverTimings.length >= MOST_TIMINGS) return;
    this.#serverTimings.push(SERVER_TIMING.exec(answer.head)?.[1] ?? '');
  }

  failed(error: unknown) {
    count(this.#failures, error instanceof Error ? error.message : String(error));
  }

  result(): LoadResult {
    const spanMs = this.#lastAnswerAt - this.#startedAt;
    const cpu = process.cpuUsage(this.#cpuAtStart);
    const elapsedMs = performance.now() - this.#startedAt;
    return {
      latenciesMs: this.#latenciesMs.map((ms) => Math.round(ms * 1_000) / 1_000),
      callsPerSecond: (this.#latenciesMs.length / spanMs) * 1_000,
      spanMs,
      failures: this.#failures,
      origins: this.#origins,
      serverTimings: this.#serverTimings,
      generatorCpuPercent: Math.round((cpu.user + cpu.system) / 10 / elapsedMs),
    };
  }
}

function count(counts: Record<string, number>, key: string) {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** An answer, or the promise of one. */
function isGood({ status }: Answer): boolean {
  return status === 200 || status === 202;
}

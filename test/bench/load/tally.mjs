/** What a load generator counts while it works. */

/**
 * @typedef {object} LoadResult
 * @property {number[]} latenciesMs of answered calls (status 200 with the expected body), in order of their answers
 * @property {number} callsPerSecond answered ones, from the first request to the last answer
 * @property {number} spanMs from the first request to the last answer
 * @property {Record<string, number>} failures everything but an answered call, by status or error
 * @property {Record<string, number>} origins how the containers came, as `Server-Timing` says
 * @property {string[]} serverTimings of the first calls
 * @property {number} generatorCpuPercent of one core
 */

const MOST_TIMINGS = 200;
const ORIGIN = 'container;desc="';
const SERVER_TIMING = /^server-timing: *(.*)$/im;

export class Tally {
  /** @type {number[]} */
  #latenciesMs = [];
  /** @type {Record<string, number>} */
  #failures = {};
  /** @type {Record<string, number>} */
  #origins = {};
  /** @type {string[]} */
  #serverTimings = [];
  #startedAt = performance.now();
  #lastAnswerAt = this.#startedAt;
  #cpuAtStart = process.cpuUsage();

  /** @param {string} expectedText what the body of every good answer holds */
  constructor(expectedText) {
    this.expectedText = expectedText;
  }

  /**
   * @param {import('./connection.mjs').Answer} answer
   * @param {number} latencyMs
   */
  answered(answer, latencyMs) {
    this.#lastAnswerAt = performance.now();
    if (answer.status !== 200 || !answer.body.includes(this.expectedText)) {
      return count(this.#failures, answer.status === 200 ? 'wrong body' : String(answer.status));
    }
    this.#latenciesMs.push(latencyMs);
    const at = answer.head.indexOf(ORIGIN);
    if (at < 0) return;
    const from = at + ORIGIN.length;
    count(this.#origins, answer.head.slice(from, answer.head.indexOf('"', from)));
    if (this.#serverTimings.length >= MOST_TIMINGS) return;
    this.#serverTimings.push(SERVER_TIMING.exec(answer.head)?.[1] ?? '');
  }

  /** @param {unknown} error */
  failed(error) {
    count(this.#failures, error instanceof Error ? error.message : String(error));
  }

  /** @returns {LoadResult} */
  result() {
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

/** @param {Record<string, number>} counts @param {string} key */
function count(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}

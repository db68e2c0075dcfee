import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes, type Random } from '../support/archives/mutations.js';
import { optionsOfRun } from './options.mjs';

/** More of them would say nothing new. */
const shownFailures = 20;
/** Half a minute each on an idle machine; what hangs does so for ever. */
const quickTimeoutMs = 1_800_000;
/** As long as a timer can: a full run takes hours. */
const fullTimeoutMs = 2 ** 31 - 1;

export interface Group {
  readonly name: string;
  /** Cases in the quick and in the full run; what they count is the group's own. */
  readonly quick: number;
  readonly full: number;
  run(trial: Trial): Promise<void>;
}

export interface TrialOptions {
  readonly seed: number;
  readonly isFull: boolean;
  /** In place of the group's own number. */
  readonly cases?: number | undefined;
  /** One line of progress. */
  readonly tell: (text: string) => void;
}

/** How a group's run ended, as JSON. */
export interface GroupReport {
  readonly name: string;
  readonly seconds: number;
  /** The version of Node.js. */
  readonly node: string;
  readonly tried: number;
  readonly passed: number;
  readonly isMeasured: boolean;
  readonly failures: readonly string[];
  readonly losses: readonly string[];
  readonly notes: readonly string[];
}

/** One group's run: counts what was tried, keeps what failed and what was left behind. */
export class Trial {
  readonly count: number;
  readonly random: Random;
  readonly isFull: boolean;
  tried = 0;
  passed = 0;
  /** True once the group has compared what the server held before and after. */
  isMeasured = false;
  readonly failures: string[] = [];
  readonly losses: string[] = [];
  readonly notes: string[] = [];
  readonly tell: (text: string) => void;
  private readonly name: string;

  constructor(group: Group, { seed, isFull, cases, tell }: TrialOptions) {
    this.name = group.name;
    this.count = cases ?? (isFull ? group.full : group.quick);
    this.random = randomBytes(seed);
    this.isFull = isFull;
    this.tell = tell;
  }

  get isPassed(): boolean {
    return this.tried > 0 && this.passed === this.tried && this.losses.length === 0;
  }

  /** Counts one case; it passes when the work resolves. */
  async case(title: string, work: () => Promise<unknown> | undefined): Promise<void> {
    this.tried += 1;
    try {
      await work();
      this.passed += 1;
    } catch (error) {
      this.fail(`${title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What the group left behind; nothing when all went as it should. */
  measured(losses: readonly string[]): void {
    this.isMeasured = true;
    this.losses.push(...losses);
  }

  /** Writes what the table of the run needs. */
  async report(file: string, seconds: number): Promise<void> {
    const { name, tried, passed, isMeasured, failures, losses, notes } = this;
    const report: GroupReport = {
      name,
      seconds,
      node: process.version,
      tried,
      passed,
      isMeasured,
      failures,
      losses,
      notes,
    };
    await writeFile(file, JSON.stringify(report));
  }

  private fail(text: string): void {
    if (this.failures.length >= shownFailures) return;
    this.failures.push(text);
    this.tell(`FAILED ${text.slice(0, 300)}`);
  }
}

/**
 * The test that runs a group: it fails when anything got through or was lost. `npm run test:hostile` says what is tried
 * and where the report goes; other runs try the quick slice, and say how far it came only when it fails.
 */
export function attack(group: Group): void {
  const { isFull, seed, cases, reports } = optionsOfRun();
  const progress: string[] = [];
  const tell = (text: string) => {
    const line = `${group.name}: ${text}\n`;
    if (reports === undefined) progress.push(line);
    else process.stderr.write(line);
  };
  it(
    `nothing gets through, and nothing is lost: ${group.name}`,
    async () => {
      const startedAtMs = performance.now();
      const trial = new Trial(group, { seed, isFull, cases, tell });
      tell('begins');
      // A group that breaks is one failed case, beside those before.
      await group.run(trial).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        return trial.case('the group itself', () => Promise.reject(new Error(reason)));
      });
      const seconds = (performance.now() - startedAtMs) / 1000;
      tell(`${trial.passed} of ${trial.tried} passed in ${seconds.toFixed(1)} s`);
      if (reports !== undefined) await trial.report(join(reports, `${group.name}.json`), seconds);
      if (trial.isPassed) return;
      const what = [...trial.failures, ...trial.losses.map((loss) => `LOST ${loss}`)];
      throw new Error(`seed ${seed}\n${what.join('\n')}\n${progress.join('')}`);
    },
    isFull ? fullTimeoutMs : quickTimeoutMs,
  );
}

/** Works on all items, at most `width` at a time, in order. */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const loop = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, loop));
}

/** 0, 1, ... up to, not including, `count`. */
export function* upTo(count: number): Generator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

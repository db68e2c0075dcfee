import { randomBytes, type Random } from '../support/archives/mutations.js';

/** More of them would say nothing new. */
const shownFailures = 20;

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

  constructor(group: Group, { seed, isFull, cases, tell }: TrialOptions) {
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

  private fail(text: string): void {
    if (this.failures.length >= shownFailures) return;
    this.failures.push(text);
    this.tell(`FAILED ${text.slice(0, 300)}`);
  }
}

/** Works on all items, at most `width` at a time, in order. */
export async function inLanes<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** 0, 1, ... up to, not including, `count`. */
export function* upTo(count: number): Generator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

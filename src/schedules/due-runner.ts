import type { CancelTimer, Clock } from '../common/time/clock.js';
import { DueQueue } from './due-queue.js';

/** Something to do at certain times. */
export interface Recurring {
  /** Does what is due, and resolves to when something is due again; to undefined if never. May reject, and is run again. */
  run(): Promise<number | undefined>;
}

/** The wall clock may step at any time: no timer waits longer before it is read again. */
const longestWaitMs = 1000;

/** What failed is run again after this, twice as long after each further failure, and no longer than the other. */
const shortestRetryMs = 1000;
const longestRetryMs = 15_000;

/** Run at the same time; others wait for their turn. */
const atATime = 64;

/**
 * Runs each of many things when the wall clock says that it is due, never twice at the same time, with one timer for all. What
 * fails is run again soon, by the clock that no step moves.
 */
export class DueRunner<Item extends Recurring> {
  private readonly due = new DueQueue<Item>();
  private readonly retries = new DueQueue<Item>();
  private readonly failures = new Map<Item, number>();
  /** Those that run, and whether they shall run again at once. */
  private readonly running = new Map<Item, boolean>();
  private readonly waiting = new Set<Item>();
  private cancelTimer: CancelTimer = () => undefined;
  private stopped: PromiseWithResolvers<undefined> | undefined;

  constructor(
    private readonly clock: Clock,
    /** Hears of each run that failed, and how many of this item have, one after the other. */
    private readonly onFailure: (item: Item, error: unknown, failures: number) => void,
  ) {}

  /** Runs it now, and from then on when it says. */
  run(item: Item): void {
    if (this.stopped) return;
    this.forget(item);
    if (this.running.has(item)) this.running.set(item, true);
    else if (this.running.size >= atATime) this.waiting.add(item);
    else void this.begin(item);
  }

  /** Nothing begins any more; resolves once what has begun has ended. */
  async stop(): Promise<void> {
    this.stopped = Promise.withResolvers<undefined>();
    this.cancelTimer();
    this.waiting.clear();
    if (this.running.size > 0) await this.stopped.promise;
  }

  private forget(item: Item): void {
    this.due.delete(item);
    this.retries.delete(item);
    this.waiting.delete(item);
  }

  private async begin(item: Item): Promise<void> {
    this.running.set(item, false);
    try {
      const nextMs = await item.run();
      this.failures.delete(item);
      if (nextMs !== undefined) this.due.put(item, nextMs);
    } catch (error) {
      this.retry(item, error);
    }
    this.ended(item);
  }

  private retry(item: Item, error: unknown): void {
    const failures = (this.failures.get(item) ?? 0) + 1;
    this.failures.set(item, failures);
    this.onFailure(item, error, failures);
    const waitMs = Math.min(shortestRetryMs * 2 ** (failures - 1), longestRetryMs);
    this.retries.put(item, this.clock.monotonicMs() + waitMs);
  }

  private ended(item: Item): void {
    const again = this.running.get(item) ?? false;
    this.running.delete(item);
    if (this.stopped) {
      if (this.running.size === 0) this.stopped.resolve(undefined);
      return;
    }
    if (again) this.run(item);
    const [next] = this.waiting;
    if (next) this.run(next);
    this.wait();
  }

  /** Sets the one timer anew. */
  private wait(): void {
    this.cancelTimer();
    const untilDueMs = this.due.nextMs - this.clock.wallTime().getTime();
    const untilRetryMs = this.retries.nextMs - this.clock.monotonicMs();
    const untilMs = Math.min(untilDueMs, untilRetryMs);
    if (untilMs === Infinity) return;
    const waitMs = Math.min(Math.max(untilMs, 0), longestWaitMs);
    this.cancelTimer = this.clock.schedule(Math.ceil(waitMs), () => {
      this.wake();
    });
  }

  private wake(): void {
    for (const [queue, nowMs] of [
      [this.due, this.clock.wallTime().getTime()],
      [this.retries, this.clock.monotonicMs()],
    ] as const)
      for (let item = queue.take(nowMs); item; item = queue.take(nowMs)) this.run(item);
    this.wait();
  }
}

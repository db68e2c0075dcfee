import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sandbox } from '../sandbox.js';
import { TaskTracker } from '../task-tracker.js';
import type { PoolCounters } from './pool-counters.js';

/** Removes sandboxes, which no call waits for but the shutdown does. */
export class Removals {
  private readonly tasks = new TaskTracker();

  constructor(private readonly counters: PoolCounters) {}

  remove(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.tasks.add(sandbox.dispose());
  }

  /** Like `remove`, with a line in the function's log: it ended by itself, or is of no use for another call. */
  removeUnfit(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.tasks.add(sandbox.sayUnfit().then(() => sandbox.dispose()));
  }

  /**
   * Like `remove`, once the answer is on its way: talking to the engine takes the event loop some milliseconds, which the
   * caller would otherwise wait for.
   */
  removeSoon(sandbox: Sandbox): void {
    this.tasks.add(
      nextTurn().then(() => {
        this.remove(sandbox);
      }),
    );
  }

  /** Resolves when everything that was to be removed is gone. */
  settled(): Promise<void> {
    return this.tasks.settled();
  }
}

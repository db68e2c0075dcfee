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

  /** Like `remove`, with a line in the function's log: it ended by itself, or cannot serve another call. */
  removeUnfit(sandbox: Sandbox): void {
    this.counters.removals += 1;
    this.tasks.add(sandbox.sayUnfit().then(() => sandbox.dispose()));
  }

  /**
   * Like `remove`, but after the response is sent: talking to the engine takes some milliseconds of the event loop, for
   * which the caller would otherwise wait.
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

import { SharedBudget, type BudgetLimits, type Shortage } from '../budgets/shared-budget.js';

interface Queue {
  /** Tasks that run or wait. */
  readonly tasks: SharedBudget;
  last: Promise<unknown>;
}

/**
 * Runs the tasks of one key one after the other, in the order in which they came; tasks of different keys do not wait for
 * each other. The queue of a key is limited, and so is each holder's part of it.
 */
export class KeyedLock<Key> {
  private readonly queues = new Map<Key, Queue>();

  /** `limits` are of one key, the running task included; `refusal` is what a task beyond them is refused with. */
  constructor(
    private readonly limits: BudgetLimits,
    private readonly refusal: (shortage: Shortage) => Error,
  ) {}

  /** Settles as `task` does, or rejects with a refusal; then `task` has not run. A holder that is undefined has no part to keep to. */
  async run<T>(key: Key, task: () => Promise<T>, holder?: string): Promise<T> {
    const queue = this.queueOf(key);
    const shortage = queue.tasks.take(holder);
    if (shortage !== undefined) throw this.refusal(shortage);
    const running = queue.last.then(task);
    queue.last = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      queue.tasks.giveBack(holder);
      if (queue.tasks.used === 0) this.queues.delete(key);
    }
  }

  private queueOf(key: Key): Queue {
    let queue = this.queues.get(key);
    if (!queue) {
      queue = { tasks: new SharedBudget(this.limits), last: Promise.resolve() };
      this.queues.set(key, queue);
    }
    return queue;
  }
}

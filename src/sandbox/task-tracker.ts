/** Tracks work that nobody awaits now but a shutdown must. */
export class TaskTracker {
  private readonly pending = new Set<Promise<void>>();

  /** `task` must not reject. */
  add(task: Promise<void>): void {
    const tracked = task.finally(() => this.pending.delete(tracked));
    this.pending.add(tracked);
  }

  /** Resolves when nothing is pending, including what was added meanwhile. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }
}

/** Work that nobody awaits now, but a shutdown must: it knows what has not settled. */
export class TaskTracker {
  private readonly pending = new Set<Promise<void>>();

  /** `work` must not reject. */
  add(work: Promise<void>): void {
    const tracked = work.finally(() => this.pending.delete(tracked));
    this.pending.add(tracked);
  }

  /** Resolves when nothing is pending, what was added meanwhile included. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }
}

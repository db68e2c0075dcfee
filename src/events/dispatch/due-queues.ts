/**
 * Which functions have events that are due, and whose turn it is. It knows when the first of a function's events is due, and
 * nothing of the events: a million of them take no memory here. Times are monotonic milliseconds.
 */
export class DueQueues {
  /** In the order of their turns. */
  private readonly dueAtMs = new Map<string, number>();

  /** An event of the function is due at this time; an earlier one still is. */
  mark(functionId: string, atMs: number): void {
    const known = this.dueAtMs.get(functionId);
    if (known === undefined || atMs < known) this.dueAtMs.set(functionId, atMs);
  }

  /** Those with something due, in turn. */
  *due(nowMs: number): Iterable<string> {
    for (const [functionId, atMs] of this.dueAtMs) if (atMs <= nowMs) yield functionId;
  }

  /** It has had its turn, and what was due is taken: whatever else there is must be marked again, and then comes last. */
  take(functionId: string): void {
    this.dueAtMs.delete(functionId);
  }

  /** When something is due that is not yet; undefined if nothing is. */
  nextAfter(nowMs: number): number | undefined {
    let next: number | undefined;
    for (const atMs of this.dueAtMs.values())
      if (atMs > nowMs && (next === undefined || atMs < next)) next = atMs;
    return next;
  }
}

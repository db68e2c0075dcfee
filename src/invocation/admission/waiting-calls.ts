/** A call that waits for a place. */
export interface QueuedCall {
  /** The key that it came with; undefined where none was needed. */
  readonly keyId: string | undefined;
  /** Since when it waits, in monotonic milliseconds. */
  readonly sinceMs: number;
  readonly admit: (nowMs: number) => void;
  /** It has waited as long as it may. */
  readonly timeOut: () => void;
}

/**
 * The calls of one function that wait. Each key has a line of its own, and the lines take turns: a caller that sends
 * many calls of a function waits for its own. However many wait, to add, to find and to take one costs the same.
 */
export class WaitingCalls {
  /** The line whose turn is next comes first; one without calls is not kept. */
  private readonly lines = new Map<string | undefined, Set<QueuedCall>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Whether a call with this key waits. */
  has(keyId: string | undefined): boolean {
    return this.lines.has(keyId);
  }

  add(call: QueuedCall): void {
    const line = this.lines.get(call.keyId);
    if (line) line.add(call);
    else this.lines.set(call.keyId, new Set([call]));
    this.count += 1;
  }

  /** The one whose turn it is, of those whose key may have one more running. */
  next(mayRun: (keyId: string | undefined) => boolean): QueuedCall | undefined {
    for (const [keyId, line] of this.lines) {
      if (!mayRun(keyId)) continue;
      const [call] = line;
      return call;
    }
    return undefined;
  }

  /** It gets its place, and its key waits for the turns of the others. False when it does not wait. */
  take(call: QueuedCall): boolean {
    const { keyId } = call;
    const line = this.lines.get(keyId);
    if (!this.remove(call)) return false;
    if (line && line.size > 0 && this.lines.size > 1) {
      this.lines.delete(keyId);
      this.lines.set(keyId, line);
    }
    return true;
  }

  /** It gives up, and has had no turn. False when it does not wait. */
  remove(call: QueuedCall): boolean {
    const line = this.lines.get(call.keyId);
    if (!line?.delete(call)) return false;
    if (line.size === 0) this.lines.delete(call.keyId);
    this.count -= 1;
    return true;
  }
}

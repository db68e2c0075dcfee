import { type Link, LinkedList } from '../../common/linked-list.js';
import type { CancelTimer, Clock } from '../../common/time/clock.js';
import { callerPriorities, type Priority } from '../invocation.js';

/** A call that waits for a permit. */
export interface QueuedCall {
  /** The caller's key; undefined if none was needed. */
  readonly keyId: string | undefined;
  readonly priority: Priority;
  /** Since when it waits, in monotonic milliseconds. */
  readonly sinceMs: number;
  readonly admit: (nowMs: number) => void;
  /** It has waited as long as it may. */
  readonly timeOut: () => void;
  /** Where it waits, for the two queues below alone. */
  placeInQueue?: Link<QueuedCall> | undefined;
  placeInTime?: Link<QueuedCall> | undefined;
}

/**
 * One function's calls, as admission sees them: how many run, how many may, and which wait. Adding, finding and taking a
 * call costs the same however many wait.
 */
export class FunctionQueue {
  running = 0;
  /** How many of those that run do so in the background. */
  runningInBackground = 0;
  private readonly byPriority: Partial<Record<Priority, KeyQueues>> = {};
  private callers = 0;
  private background = 0;

  constructor(
    readonly functionId: string,
    /** The limit and the memory of a call change with the function's settings. */
    public limit: number,
    public memoryMiB: number,
  ) {}

  /** How many callers wait. */
  get length(): number {
    return this.callers;
  }

  /** How many wait in the background. */
  get backgroundLength(): number {
    return this.background;
  }

  /** Whether no call waits, not even in the background. */
  get isEmpty(): boolean {
    return this.callers + this.background === 0;
  }

  /** Whether a caller with this key waits. */
  has(keyId: string | undefined): boolean {
    return callerPriorities.some((priority) => this.byPriority[priority]?.has(keyId));
  }

  add(call: QueuedCall): void {
    (this.byPriority[call.priority] ??= new KeyQueues()).add(call);
    this.count(call, 1);
  }

  /** The next call of this priority whose key may have one more running. */
  next(priority: Priority, mayRun: (keyId: string | undefined) => boolean): QueuedCall | undefined {
    return this.byPriority[priority]?.next(mayRun);
  }

  /** The call gets its permit, and its key moves behind the others. */
  take(call: QueuedCall): void {
    if (this.byPriority[call.priority]?.take(call)) this.count(call, -1);
  }

  /** The call gives up, and its key keeps its turn. */
  remove(call: QueuedCall): void {
    if (this.byPriority[call.priority]?.remove(call)) this.count(call, -1);
  }

  private count({ priority }: QueuedCall, change: 1 | -1): void {
    if (priority === 'background') this.background += change;
    else this.callers += change;
  }
}

/** A queue for each key, served round robin: a caller that sends many calls of a function waits for its own. */
class KeyQueues {
  /** In the order in which keys are served next; a key without calls is removed. */
  private readonly queues = new Map<string | undefined, LinkedList<QueuedCall>>();

  has(keyId: string | undefined): boolean {
    return this.queues.has(keyId);
  }

  add(call: QueuedCall): void {
    let queue = this.queues.get(call.keyId);
    if (!queue) {
      queue = new LinkedList();
      this.queues.set(call.keyId, queue);
    }
    call.placeInQueue = queue.add(call);
  }

  next(mayRun: (keyId: string | undefined) => boolean): QueuedCall | undefined {
    for (const [keyId, queue] of this.queues) {
      if (mayRun(keyId)) return queue.first;
    }
    return undefined;
  }

  /** False when it does not wait. */
  take(call: QueuedCall): boolean {
    const { keyId } = call;
    const queue = this.queues.get(keyId);
    if (!this.remove(call)) return false;
    if (queue && !queue.isEmpty && this.queues.size > 1) {
      this.queues.delete(keyId);
      this.queues.set(keyId, queue);
    }
    return true;
  }

  /** False when it does not wait. */
  remove(call: QueuedCall): boolean {
    const { keyId, placeInQueue } = call;
    const queue = this.queues.get(keyId);
    if (!queue || !placeInQueue || !queue.remove(placeInQueue)) return false;
    if (queue.isEmpty) this.queues.delete(keyId);
    return true;
  }
}

/**
 * Ends the wait of calls that have waited as long as they may. The limit is the same for all, so calls expire in order of
 * arrival, and one timer serves all of them.
 */
export class QueueTimeout {
  /** The longest waiting first. */
  private readonly calls = new LinkedList<QueuedCall>();
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly withinMs: number,
  ) {}

  add(call: QueuedCall): void {
    call.placeInTime = this.calls.add(call);
    if (!this.cancelTimer) this.schedule(this.withinMs);
  }

  /** The call waits no more. */
  remove(call: QueuedCall): void {
    if (call.placeInTime) this.calls.remove(call.placeInTime);
    if (!this.calls.isEmpty) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private schedule(delayMs: number): void {
    this.cancelTimer = this.clock.schedule(delayMs, () => {
      this.cancelTimer = undefined;
      this.expire();
    });
  }

  private expire(): void {
    const nowMs = this.clock.monotonicMs();
    for (let call = this.calls.first; call; call = this.calls.first) {
      const leftMs = call.sinceMs + this.withinMs - nowMs;
      if (leftMs > 0) {
        if (!this.cancelTimer) this.schedule(leftMs);
        return;
      }
      this.remove(call);
      call.timeOut();
    }
  }
}

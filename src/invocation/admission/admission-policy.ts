import type { FunctionSettings } from '../../functions/function.js';
import { callerPriorities, type CallerPriority } from '../invocation.js';
import type { Capacity, Load } from './capacity.js';
import type { FunctionQueue, QueuedCall } from './function-queue.js';

/** What one running call takes. */
interface RunningCallLoad {
  readonly keyId: string | undefined;
  readonly memoryMiB: number;
  /** Since when it runs, in monotonic milliseconds. */
  readonly sinceMs: number;
}

interface Sum {
  calls: number;
  memoryMiB: number;
}

const nothing: Load = { calls: 0, memoryMiB: 0 };

/** Adds up what running calls take. */
export class RunningLoad {
  private readonly calls = new Set<RunningCallLoad>();
  private readonly loadByKey = new Map<string, Sum>();
  private readonly sum: Sum = { calls: 0, memoryMiB: 0 };

  /** A live view: it changes as calls are added and removed. */
  get load(): Load {
    return this.sum;
  }

  /** A snapshot. */
  loadWithKey(keyId: string): Load {
    return this.loadByKey.get(keyId) ?? nothing;
  }

  /** Memory of the running calls that started after `sinceMs`. */
  memoryMiBSince(sinceMs: number): number {
    let memoryMiB = 0;
    for (const call of this.calls) if (call.sinceMs > sinceMs) memoryMiB += call.memoryMiB;
    return memoryMiB;
  }

  add(call: RunningCallLoad): void {
    this.calls.add(call);
    count(this.sum, call, 1);
    const { keyId } = call;
    if (keyId === undefined) return;
    let load = this.loadByKey.get(keyId);
    if (!load) this.loadByKey.set(keyId, (load = { ...nothing }));
    count(load, call, 1);
  }

  /** Only for a call that was added, and only once. */
  remove(call: RunningCallLoad): void {
    this.calls.delete(call);
    count(this.sum, call, -1);
    const load = call.keyId === undefined ? undefined : this.loadByKey.get(call.keyId);
    if (!load) return;
    count(load, call, -1);
    // Keys come and go; one without running calls is not kept.
    if (load.calls === 0 && call.keyId !== undefined) this.loadByKey.delete(call.keyId);
  }
}

function count(sum: Sum, { memoryMiB }: RunningCallLoad, change: 1 | -1): void {
  sum.calls += change;
  sum.memoryMiB += change * memoryMiB;
}

/** Calls of one function that may run side by side; those of a warm function need a container each. */
export function runningLimitOf({ isolation, maxConcurrency, maxContainers }: FunctionSettings): number {
  return isolation === 'warm' ? Math.min(maxConcurrency, maxContainers) : maxConcurrency;
}

/**
 * A call counts for no more of the memory than this, however large its function is: the others always have room left.
 */
export function countedMemoryMiB(memoryMiB: number, capacityMiB: number): number {
  return Math.min(memoryMiB, Math.floor((capacityMiB * 3) / 4));
}

/** Whether the limits of the function and of its key allow one more call. */
export function mayRun(
  queue: FunctionQueue,
  keyId: string | undefined,
  running: RunningLoad,
  capacity: Capacity,
): boolean {
  return functionMayRun(queue, capacity) && keyMayRun(keyId, queue.memoryMiB, running, capacity);
}

function functionMayRun({ running, limit, memoryMiB }: FunctionQueue, { functionShare }: Capacity): boolean {
  return running < limit && leavesRoom(running, running * memoryMiB, memoryMiB, functionShare);
}

export function keyMayRun(
  keyId: string | undefined,
  callMiB: number,
  running: RunningLoad,
  { keyShare }: Capacity,
): boolean {
  if (keyId === undefined) return true;
  const { calls, memoryMiB } = running.loadWithKey(keyId);
  return leavesRoom(calls, memoryMiB, callMiB, keyShare);
}

/** Whether one more call stays within a share; a first one always does. */
function leavesRoom(calls: number, memoryMiB: number, callMiB: number, share: Load): boolean {
  return calls === 0 || (calls < share.calls && memoryMiB + callMiB <= share.memoryMiB);
}

/** Whether one more call may run beside those that do: they may all fill their memory at once. */
export function fits({ load }: RunningLoad, capacity: Load, memoryMiB: number): boolean {
  return load.calls < capacity.calls && load.memoryMiB + memoryMiB <= capacity.memoryMiB;
}

/** After this wait for memory, room is reserved for a call: see `nextCalls`. */
export const keepsRoomAfterMs = 1000;

/** The inputs of a decision, besides the waiting calls. */
export interface Situation {
  readonly running: RunningLoad;
  readonly capacity: Capacity;
  readonly nowMs: number;
}

export interface NextCall {
  readonly queue: FunctionQueue;
  readonly call: QueuedCall;
}

/** The next caller of each priority, if one of it may run now. */
export type NextCalls = Partial<Record<CallerPriority, NextCall>>;

/**
 * Chooses the next call: of the functions with a call that may run and fits, the one with the fewest running, so that a
 * function called far beyond capacity cannot starve another. Smaller calls overtake one that does not fit. Once that one
 * has waited for `keepsRoomAfterMs`, calls that start while it waits may together take only the memory left beside it:
 * it runs as soon as the calls that ran before have ended, and until then the others go on. This runs whenever a call
 * ends, so it looks once at each function with waiting calls, and never at each call.
 */
export function nextCalls(waiting: Iterable<FunctionQueue>, situation: Situation): NextCalls {
  const { running, capacity } = situation;
  const next: NextCalls = {};
  // Every permit is held: no call fits, however small.
  if (running.load.calls >= capacity.calls) return next;
  const roomMiB = roomBesideKept(waiting, situation);
  for (const queue of waiting) {
    if (queue.memoryMiB > roomMiB || !fits(running, capacity, queue.memoryMiB)) continue;
    for (const priority of callerPriorities) {
      const best = next[priority];
      if (best && best.queue.running <= queue.running) continue;
      const call = callOf(queue, priority, situation);
      if (call) next[priority] = { queue, call };
    }
  }
  return next;
}

/**
 * Whether a new call may start at once. No waiting call can start before something ends, so it overtakes nobody; it must
 * only not pass its own queue, or use up the memory that is reserved for another call.
 */
export function mayBegin(
  queue: FunctionQueue,
  keyId: string | undefined,
  waiting: Iterable<FunctionQueue>,
  situation: Situation,
): boolean {
  const { running, capacity } = situation;
  if (queue.has(keyId) || !mayRun(queue, keyId, running, capacity)) return false;
  return fits(running, capacity, queue.memoryMiB) && queue.memoryMiB <= roomBesideKept(waiting, situation);
}

/** Memory left for calls that start now, besides the reservation and the calls that started since that call began to wait. */
function roomBesideKept(waiting: Iterable<FunctionQueue>, situation: Situation): number {
  const kept = keptCall(waiting, situation);
  if (!kept) return Infinity;
  const { running, capacity } = situation;
  return capacity.memoryMiB - kept.queue.memoryMiB - running.memoryMiBSince(kept.call.sinceMs);
}

/** The longest-waiting of the calls that may run and do not fit, if it has waited long enough. */
function keptCall(waiting: Iterable<FunctionQueue>, situation: Situation): NextCall | undefined {
  const { running, capacity, nowMs } = situation;
  let kept: NextCall | undefined;
  for (const queue of waiting) {
    if (fits(running, capacity, queue.memoryMiB)) continue;
    for (const priority of callerPriorities) {
      const call = callOf(queue, priority, situation);
      if (!call || nowMs - call.sinceMs < keepsRoomAfterMs) continue;
      if (!kept || call.sinceMs < kept.call.sinceMs) kept = { queue, call };
    }
  }
  return kept;
}

/** The function's next caller that is within the limits of the function and of its key. */
export function callOf(
  queue: FunctionQueue,
  priority: CallerPriority,
  { running, capacity }: Situation,
): QueuedCall | undefined {
  if (!functionMayRun(queue, capacity)) return undefined;
  return queue.next(priority, (keyId) => keyMayRun(keyId, queue.memoryMiB, running, capacity));
}

/** A call that could run is passed over for at most so many calls of higher priorities. */
export const mostPassedOver = 4;

/**
 * Serves higher priorities first and starves none: a priority that was passed over often enough is served next. If two
 * were, the higher one goes first.
 */
export class PriorityOrder {
  private readonly passedOver: Record<CallerPriority, number> = { high: 0, normal: 0, low: 0 };

  /** The chosen call starts. */
  choose(next: NextCalls): NextCall | undefined {
    const chosen =
      callerPriorities.find((priority) => next[priority] && this.passedOver[priority] >= mostPassedOver) ??
      callerPriorities.find((priority) => next[priority]);
    if (!chosen) return undefined;
    let isLower = false;
    for (const priority of callerPriorities) {
      if (priority === chosen) {
        this.passedOver[priority] = 0;
        isLower = true;
      } else if (isLower && next[priority]) this.passedOver[priority] += 1;
    }
    return next[chosen];
  }
}

/** How fast calls come and go. */
export interface Pace {
  /** How long a call holds its permit. */
  readonly callMs: number;
  /** Calls that run side by side. */
  readonly permits: number;
}

const shortestRetryMs = 1000;
const longestRetryMs = 60_000;

/** When a refused call should try again: the estimated time that the calls before it need, within limits. */
export function retryAfterMs(callsBefore: number, pace: Pace): number {
  const needed = ((callsBefore + 1) * pace.callMs) / Math.max(1, pace.permits);
  return Math.round(Math.min(Math.max(needed, shortestRetryMs), longestRetryMs));
}

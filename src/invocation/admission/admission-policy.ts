import { priorities, type Priority } from '../invocation.js';
import type { FunctionQueue, QueuedCall } from './function-queue.js';
import { fits, functionMayRun, keyMayRun, mayRun, type Capacity, type RunningLoad } from './running-load.js';

/** A call that has waited so long for memory has room kept for it: see `nextCalls`. */
export const keepsRoomAfterMs = 1000;

/** What decides, beside who waits. */
export interface Situation {
  readonly running: RunningLoad;
  readonly capacity: Capacity;
  readonly nowMs: number;
}

export interface NextCall {
  readonly queue: FunctionQueue;
  readonly call: QueuedCall;
}

/** Of each priority the call that is next, if one of it may run now. */
export type NextCalls = Partial<Record<Priority, NextCall>>;

/**
 * Who may run next: of the functions with a call that may run and fits, the one that has the fewest running, so that a
 * function called far beyond capacity cannot starve another. A call that does not fit is passed by smaller ones. Once it
 * has waited for `keepsRoomAfterMs`, those that begin while it waits may take together no more than what is left beside
 * it: it runs as soon as those that ran before have ended, and until then the others go on. This is asked
 * whenever a call ends, so it looks once at each function for which calls wait, and never at each of the calls.
 */
export function nextCalls(waiting: Iterable<FunctionQueue>, situation: Situation): NextCalls {
  const { running, capacity } = situation;
  const next: NextCalls = {};
  // Every permit is held: no call fits, however small.
  if (running.load.calls >= capacity.calls) return next;
  const roomMiB = roomBesideKept(waiting, situation);
  for (const queue of waiting) {
    if (queue.memoryMiB > roomMiB || !fits(running, capacity, queue.memoryMiB)) continue;
    for (const priority of priorities) {
      const best = next[priority];
      if (best && best.queue.running <= queue.running) continue;
      const call = callOf(queue, priority, situation);
      if (call) next[priority] = { queue, call };
    }
  }
  return next;
}

/**
 * Whether a call that has just come may begin at once. None of those that wait may before something ends, so it
 * overtakes nobody; it only must not pass its own queue, or use up the memory that is kept for another call.
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

/** Memory that calls which begin now may take, beside the call for which it is kept and what has begun since it waits. */
function roomBesideKept(waiting: Iterable<FunctionQueue>, situation: Situation): number {
  const kept = keptCall(waiting, situation);
  if (!kept) return Infinity;
  const { running, capacity } = situation;
  return capacity.memoryMiB - kept.queue.memoryMiB - running.memoryMiBSince(kept.call.sinceMs);
}

/** Of the calls that may run and do not fit, the one that has waited longest, if that is long enough. */
function keptCall(waiting: Iterable<FunctionQueue>, situation: Situation): NextCall | undefined {
  const { running, capacity, nowMs } = situation;
  let kept: NextCall | undefined;
  for (const queue of waiting) {
    if (fits(running, capacity, queue.memoryMiB)) continue;
    for (const priority of priorities) {
      const call = callOf(queue, priority, situation);
      if (!call || nowMs - call.sinceMs < keepsRoomAfterMs) continue;
      if (!kept || call.sinceMs < kept.call.sinceMs) kept = { queue, call };
    }
  }
  return kept;
}

/** The next call of the function that nothing of its own, or of its key's, keeps from running. */
function callOf(
  queue: FunctionQueue,
  priority: Priority,
  { running, capacity }: Situation,
): QueuedCall | undefined {
  if (!functionMayRun(queue, capacity)) return undefined;
  return queue.next(priority, (keyId) => keyMayRun(keyId, queue.memoryMiB, running, capacity));
}

/** So many calls of higher priorities go before one that could run as well; then it runs. */
export const mostPassedOver = 4;

/**
 * Serves higher priorities first and starves none: a priority that was passed over often enough is served next. Where two
 * have been, the higher of them goes before the other once more.
 */
export class PriorityOrder {
  private readonly passedOver: Record<Priority, number> = { high: 0, normal: 0, low: 0 };

  /** Whoever is chosen begins. */
  choose(next: NextCalls): NextCall | undefined {
    const chosen =
      priorities.find((priority) => next[priority] && this.passedOver[priority] >= mostPassedOver) ??
      priorities.find((priority) => next[priority]);
    if (!chosen) return undefined;
    let isLower = false;
    for (const priority of priorities) {
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
  /** How long one holds its permit. */
  readonly callMs: number;
  /** Calls that run side by side. */
  readonly permits: number;
}

const shortestRetryMs = 1000;
const longestRetryMs = 60_000;

/** When a refused call could hope for a permit: the time the calls before it need, honestly, within limits. */
export function retryAfterMs(callsBefore: number, pace: Pace): number {
  const needed = ((callsBefore + 1) * pace.callMs) / Math.max(1, pace.permits);
  return Math.round(Math.min(Math.max(needed, shortestRetryMs), longestRetryMs));
}

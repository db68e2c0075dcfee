import type { FunctionSettings } from '../../functions/function.js';
import type { QueuedCall, WaitingCalls } from './waiting-calls.js';

/** One function's calls, as admission sees them: how many run, how many may, and who waits. */
export interface Lane {
  readonly functionId: string;
  /** Changes with the function's settings, as does the memory that each of its calls counts for. */
  limit: number;
  memoryMiB: number;
  running: number;
  readonly waiting: WaitingCalls;
}

/** Calls of one function that may run side by side; those of a warm function need a container each. */
export function runningLimitOf({ isolation, maxConcurrency, maxContainers }: FunctionSettings): number {
  return isolation === 'warm' ? Math.min(maxConcurrency, maxContainers) : maxConcurrency;
}

/** What running calls take together, or may take. */
export interface Load {
  readonly calls: number;
  readonly memoryMiB: number;
}

export interface Capacity extends Load {
  /** Most that the calls of one function may take of it; one call of a larger function may run all the same. */
  readonly functionShare: Load;
  /** Most that the calls with one key may take; one larger call may run all the same. */
  readonly keyShare: Load;
}

/** All that runs, as far as it decides who may run next. */
export interface Running {
  readonly load: Load;
  loadWithKey(keyId: string): Load;
  /** Memory of the running calls that began after `sinceMs`. */
  memoryMiBSince(sinceMs: number): number;
}

/**
 * A call counts for no more of the memory than this, however large its function is: the others always have room left.
 */
export function countedMemoryMiB(memoryMiB: number, capacityMiB: number): number {
  return Math.min(memoryMiB, Math.floor((capacityMiB * 3) / 4));
}

/** Whether nothing of the function's own, or of its key's, keeps one more call of it from running. */
export function mayRun(lane: Lane, keyId: string | undefined, running: Running, capacity: Capacity): boolean {
  return functionMayRun(lane, capacity) && keyMayRun(keyId, lane.memoryMiB, running, capacity);
}

function functionMayRun({ running, limit, memoryMiB }: Lane, { functionShare }: Capacity): boolean {
  return running < limit && leavesRoom(running, running * memoryMiB, memoryMiB, functionShare);
}

function keyMayRun(
  keyId: string | undefined,
  callMiB: number,
  running: Running,
  { keyShare }: Capacity,
): boolean {
  if (keyId === undefined) return true;
  const { calls, memoryMiB } = running.loadWithKey(keyId);
  return leavesRoom(calls, memoryMiB, callMiB, keyShare);
}

/** Whether one more call beside so many stays within a share; a first one always does. */
function leavesRoom(calls: number, memoryMiB: number, callMiB: number, share: Load): boolean {
  return calls === 0 || (calls < share.calls && memoryMiB + callMiB <= share.memoryMiB);
}

/** Whether one more call may run beside those that do: they may all fill their memory at once. */
export function fits({ load }: Running, capacity: Load, memoryMiB: number): boolean {
  return load.calls < capacity.calls && load.memoryMiB + memoryMiB <= capacity.memoryMiB;
}

/** A call that has waited so long for memory has its turn kept: see `nextCall`. */
export const keepsTurnAfterMs = 1000;

/** What decides, beside who waits. */
export interface Situation {
  readonly running: Running;
  readonly capacity: Capacity;
  readonly nowMs: number;
}

export interface NextCall {
  readonly lane: Lane;
  readonly call: QueuedCall;
}

/**
 * Who runs next: of the functions with a call that may run and fits, the one that has the fewest running, so that a
 * function called far beyond capacity cannot starve another. A call that does not fit is passed by smaller ones. Once it
 * has waited for `keepsTurnAfterMs`, those that begin while it waits may take together no more than what is left beside
 * it: it gets its turn as soon as those that ran before have ended, and until then the others go on. This is asked
 * whenever a call ends, so it looks once at each function for which calls wait, and never at each of the calls.
 */
export function nextCall(waiting: Iterable<Lane>, situation: Situation): NextCall | undefined {
  const { running, capacity } = situation;
  // Every place is taken: no call fits, however small.
  if (running.load.calls >= capacity.calls) return undefined;
  const roomMiB = roomBesideKept(waiting, situation);
  let next: NextCall | undefined;
  for (const lane of waiting) {
    if (next && next.lane.running <= lane.running) continue;
    if (lane.memoryMiB > roomMiB || !fits(running, capacity, lane.memoryMiB)) continue;
    const call = callOf(lane, situation);
    if (call) next = { lane, call };
  }
  return next;
}

/**
 * Whether a call that has just come may begin at once. None of those that wait may before something ends, so it takes
 * nobody's turn; it only must not pass its own line, or use up the memory of a call whose turn is kept.
 */
export function mayBegin(
  lane: Lane,
  keyId: string | undefined,
  waiting: Iterable<Lane>,
  situation: Situation,
): boolean {
  const { running, capacity } = situation;
  if (lane.waiting.has(keyId) || !mayRun(lane, keyId, running, capacity)) return false;
  return fits(running, capacity, lane.memoryMiB) && lane.memoryMiB <= roomBesideKept(waiting, situation);
}

/** Memory that calls which begin now may take, beside the call whose turn is kept and what has begun since it waits. */
function roomBesideKept(waiting: Iterable<Lane>, situation: Situation): number {
  const kept = keptTurn(waiting, situation);
  if (!kept) return Infinity;
  const { running, capacity } = situation;
  return capacity.memoryMiB - kept.lane.memoryMiB - running.memoryMiBSince(kept.call.sinceMs);
}

/** Of the calls that may run and do not fit, the one that has waited longest, if that is long enough. */
function keptTurn(waiting: Iterable<Lane>, situation: Situation): NextCall | undefined {
  const { running, capacity, nowMs } = situation;
  let kept: NextCall | undefined;
  for (const lane of waiting) {
    if (fits(running, capacity, lane.memoryMiB)) continue;
    const call = callOf(lane, situation);
    if (!call || nowMs - call.sinceMs < keepsTurnAfterMs) continue;
    if (!kept || call.sinceMs < kept.call.sinceMs) kept = { lane, call };
  }
  return kept;
}

/** The next call of the function that nothing of its own, or of its key's, keeps from running. */
function callOf(lane: Lane, { running, capacity }: Situation): QueuedCall | undefined {
  if (!functionMayRun(lane, capacity)) return undefined;
  return lane.waiting.next((keyId) => keyMayRun(keyId, lane.memoryMiB, running, capacity));
}

/** What is known about how fast places become free. */
export interface Pace {
  /** Running average of how long a call holds its place, in milliseconds. */
  readonly callMs: number;
  /** Calls that run side by side. */
  readonly places: number;
}

const shortestRetryMs = 1000;
const longestRetryMs = 60_000;

/** When a refused call could hope for a place: the time the calls before it need, honestly, within limits. */
export function retryAfterMs(callsBefore: number, pace: Pace): number {
  const needed = ((callsBefore + 1) * pace.callMs) / Math.max(1, pace.places);
  return Math.round(Math.min(Math.max(needed, shortestRetryMs), longestRetryMs));
}

import type { FunctionSettings } from '../../functions/function.js';

/** A call that waits for a place. */
export interface QueuedCall {
  /** The key that it came with; undefined where none was needed. */
  readonly keyId: string | undefined;
  /** Since when it waits, in monotonic milliseconds. */
  readonly sinceMs: number;
  readonly admit: () => void;
}

/** One function's calls, as admission sees them: how many run, how many may, and who waits, in order. */
export interface Lane {
  readonly functionId: string;
  /** Changes with the function's settings, as does the memory that each of its calls counts for. */
  limit: number;
  memoryMiB: number;
  running: number;
  readonly waiting: QueuedCall[];
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
export function mayRun(
  lane: Lane,
  keyId: string | undefined,
  running: Running,
  { functionShare, keyShare }: Capacity,
): boolean {
  if (lane.running >= lane.limit) return false;
  if (keyId !== undefined && !leavesRoom(running.loadWithKey(keyId), lane.memoryMiB, keyShare)) return false;
  const own = { calls: lane.running, memoryMiB: lane.running * lane.memoryMiB };
  return leavesRoom(own, lane.memoryMiB, functionShare);
}

/** Whether one more call stays within a share; a first one always does. */
function leavesRoom({ calls, memoryMiB }: Load, callMiB: number, share: Load): boolean {
  return calls === 0 || (calls < share.calls && memoryMiB + callMiB <= share.memoryMiB);
}

/** Whether one more call may run beside those that do: they may all fill their memory at once. */
export function fits({ load }: Running, capacity: Load, memoryMiB: number): boolean {
  return load.calls < capacity.calls && load.memoryMiB + memoryMiB <= capacity.memoryMiB;
}

/** A call that has waited so long for memory has its turn kept: see `nextCall`. */
export const keepsTurnAfterMs = 1000;

export interface NextCall {
  readonly lane: Lane;
  readonly call: QueuedCall;
}

/**
 * Who runs next: of the functions with a call that may run and fits, the one that has the fewest running, so that a
 * function called far beyond capacity cannot starve another. A call that does not fit is passed by smaller ones. Once it
 * has waited for `keepsTurnAfterMs`, those that begin while it waits may take together no more than what is left beside
 * it: it gets its turn as soon as those that ran before have ended, and until then the others go on.
 */
export function nextCall(
  lanes: Iterable<Lane>,
  running: Running,
  capacity: Capacity,
  nowMs: number,
): NextCall | undefined {
  let kept: NextCall | undefined;
  const fitting: NextCall[] = [];
  for (const lane of lanes) {
    const call = lane.waiting.find(({ keyId }) => mayRun(lane, keyId, running, capacity));
    if (!call) continue;
    if (fits(running, capacity, lane.memoryMiB)) fitting.push({ lane, call });
    else if (nowMs - call.sinceMs >= keepsTurnAfterMs && call.sinceMs < (kept?.call.sinceMs ?? Infinity)) {
      kept = { lane, call };
    }
  }
  const mayPass = ({ lane }: NextCall) => kept === undefined || passes(lane, kept, running, capacity);
  return fitting.filter(mayPass).reduce<NextCall | undefined>(fewestRunning, undefined);
}

function passes({ memoryMiB }: Lane, kept: NextCall, running: Running, capacity: Load): boolean {
  const begunMeanwhileMiB = running.memoryMiBSince(kept.call.sinceMs);
  return begunMeanwhileMiB + memoryMiB + kept.lane.memoryMiB <= capacity.memoryMiB;
}

function fewestRunning(best: NextCall | undefined, next: NextCall): NextCall {
  return best && best.lane.running <= next.lane.running ? best : next;
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

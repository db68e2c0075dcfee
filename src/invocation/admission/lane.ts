import type { FunctionSettings } from '../../functions/function.js';

/** A call that waits for a place. */
export interface QueuedCall {
  readonly admit: () => void;
}

/** One function's calls, as admission sees them: how many run, how many may, and who waits, in order. */
export interface Lane {
  readonly functionId: string;
  /** Changes with the function's settings, as does the memory that each of its calls may take. */
  limit: number;
  memoryMiB: number;
  running: number;
  readonly waiting: QueuedCall[];
}

/** Calls of one function that may run side by side; those of a warm function need a container each. */
export function runningLimitOf({ isolation, maxConcurrency, maxContainers }: FunctionSettings): number {
  return isolation === 'warm' ? Math.min(maxConcurrency, maxContainers) : maxConcurrency;
}

/**
 * The function whose longest waiting call gets the next free place: of those below their own limit the one that has
 * the fewest calls running, so a function called far beyond capacity cannot starve another.
 */
export function nextLane(lanes: Iterable<Lane>): Lane | undefined {
  let next: Lane | undefined;
  for (const lane of lanes) {
    if (lane.waiting.length === 0 || lane.running >= lane.limit) continue;
    if (!next || lane.running < next.running) next = lane;
  }
  return next;
}

/** What running calls take together, or may take. */
export interface Load {
  readonly calls: number;
  readonly memoryMiB: number;
}

/**
 * Whether one more call may run beside those that do: they may all fill their memory at once. One that is larger than
 * all that there is may run by itself.
 */
export function fits(taken: Load, capacity: Load, memoryMiB: number): boolean {
  if (taken.calls >= capacity.calls) return false;
  return taken.calls === 0 || taken.memoryMiB + memoryMiB <= capacity.memoryMiB;
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

import type { Schedule } from '../functions/function.js';
import { dueTimesOf } from './due-times.js';

/** How late a time may be and still count as met: longer than a restart or an update of the server takes. */
export const graceMs = 60_000;

/** How far a schedule has come. */
export interface Progress {
  /** When it began to count. */
  readonly sinceMs: number;
  /** The last due time that fired or was left out; null if none. */
  readonly lastDueMs: number | null;
  /** A due time for which no event could be made yet; null if none. */
  readonly triedMs: number | null;
}

/** What a schedule does now. */
export type ScheduleStep =
  /** Nothing is due before this; undefined if nothing ever is. */
  | { readonly kind: 'wait'; readonly untilMs: number | undefined }
  | { readonly kind: 'fire'; readonly dueMs: number }
  /** It was not running when this was due, and with it perhaps others before. */
  | { readonly kind: 'leave-out'; readonly dueMs: number }
  /** No event could be made for this until the next time came. */
  | { readonly kind: 'give-up'; readonly dueMs: number };

/**
 * Each due time is dealt with once, in order: what comes first after the last one decides. `skip` meets each time that is
 * no later than the grace, and keeps trying one that it could not meet until the next is due; `run-once` makes up for all
 * that have passed with one call.
 */
export function nextStep(schedule: Schedule, progress: Progress, nowMs: number): ScheduleStep {
  const { sinceMs, lastDueMs, triedMs } = progress;
  const times = dueTimesOf(schedule, sinceMs);
  const dueMs = times.after(Math.max(sinceMs, lastDueMs ?? sinceMs));
  if (dueMs === undefined || dueMs > nowMs) return { kind: 'wait', untilMs: dueMs };
  const latestAt = (ms: number) => Math.max(dueMs, times.latestAt(ms) ?? dueMs);
  if (schedule.missed === 'run-once') return { kind: 'fire', dueMs: latestAt(nowMs) };
  if (dueMs === triedMs) {
    const followingMs = times.after(dueMs) ?? Infinity;
    return { kind: followingMs <= nowMs ? 'give-up' : 'fire', dueMs };
  }
  if (dueMs >= nowMs - graceMs) return { kind: 'fire', dueMs };
  return { kind: 'leave-out', dueMs: latestAt(nowMs - graceMs - 1) };
}

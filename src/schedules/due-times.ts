import { parseCron } from '../functions/settings/cron-expression.js';
import type { Schedule } from '../functions/function.js';
import { intervalMsOf } from '../functions/settings/schedule-rules.js';

/** What says when a schedule is due; the rest says what happens then. */
export type Timing = Pick<Schedule, 'cron' | 'every' | 'timeZone'>;

/** The times at which a schedule is due, as wall clock in milliseconds since the epoch. */
export interface DueTimes {
  /** The first one later than this; undefined if none comes. */
  after(ms: number): number | undefined;
  /** The last one that is not later than this; undefined if there is none. */
  latestAt(ms: number): number | undefined;
}

/** `every` counts from `sinceMs`. Parsed expressions are large, so they are made when they are asked and not kept. */
export function dueTimesOf({ cron, every, timeZone }: Timing, sinceMs: number): DueTimes {
  return cron === undefined ? intervalTimes(every ?? '', sinceMs) : cronTimes(cron, timeZone);
}

function intervalTimes(every: string, sinceMs: number): DueTimes {
  const intervalMs = intervalMsOf(every);
  if (intervalMs === undefined) return { after: () => undefined, latestAt: () => undefined };
  const countAt = (ms: number) => Math.floor((ms - sinceMs) / intervalMs);
  return {
    after: (ms) => sinceMs + Math.max(countAt(ms) + 1, 1) * intervalMs,
    latestAt: (ms) => (countAt(ms) < 1 ? undefined : sinceMs + countAt(ms) * intervalMs),
  };
}

const secondMs = 1000;

/** Times of an expression are whole seconds. */
function cronTimes(cron: string, timeZone = 'UTC'): DueTimes {
  const times = parseCron(cron, timeZone);
  const secondOf = (ms: number) => Math.floor(ms / secondMs) * secondMs;
  return {
    after: (ms) => times.nextRun(new Date(secondOf(ms)))?.getTime(),
    // Of the times before the next second, the last one.
    latestAt: (ms) => times.previousRuns(1, new Date(secondOf(ms) + secondMs))[0]?.getTime(),
  };
}

/** The next times at which a schedule is due after this one, at most `count`. */
export function upcoming(timing: Timing, sinceMs: number, afterMs: number, count: number): number[] {
  const times = dueTimesOf(timing, sinceMs);
  const found: number[] = [];
  for (let next = times.after(afterMs); next !== undefined && found.length < count; next = times.after(next))
    found.push(next);
  return found;
}

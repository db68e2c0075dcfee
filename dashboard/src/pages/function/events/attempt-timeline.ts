import type { EventAttemptResponse, EventResponse } from '@glambdar/client';

/** A stretch of time on the timeline's scale of 100. */
export interface Stretch {
  readonly ms: number;
  readonly startPercent: number;
  readonly widthPercent: number;
}

/** One attempt, after the wait for it. */
export interface TimelineRow {
  readonly attempt: EventAttemptResponse;
  /** Undefined where nobody knows since when it was waited. */
  readonly wait: Stretch | undefined;
  readonly run: Stretch;
  /** It has no end although the event goes on without it: the server ended meanwhile. */
  readonly isLost: boolean;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** The wait for the next attempt, as far as it has come; undefined where none is due. */
  readonly coming: Stretch | undefined;
  readonly totalMs: number;
}

/**
 * The attempts of an event over time, from when it was accepted (or from the first that is known) until now, or its end.
 * Clocks are set back sometimes: nothing ends before it begins.
 */
export function timelineOf(event: EventResponse, now: number): Timeline {
  const { attempts, attemptCount, acceptedAt, endedAt, state, nextAttemptAt } = event;
  const [first] = attempts;
  const isWhole = attempts.length === attemptCount;
  const beginMs = Date.parse(isWhole || !first ? acceptedAt : first.startedAt);
  const moments = attempts.flatMap(({ startedAt, endedAt: end }) => [startedAt, end ?? startedAt]);
  const lastMs = Math.max(beginMs, ...moments.map((at) => Date.parse(at)));
  const endMs = Math.max(lastMs, endedAt === null ? now : Date.parse(endedAt));
  const stretch = (fromMs: number, toMs: number): Stretch => {
    const ms = Math.max(0, toMs - fromMs);
    return { ms, startPercent: percent(fromMs - beginMs), widthPercent: percent(ms) };
  };
  const percent = (ms: number) => (endMs === beginMs ? 0 : (Math.max(0, ms) / (endMs - beginMs)) * 100);

  let freeMs = beginMs;
  const rows = attempts.map((attempt, index): TimelineRow => {
    const startMs = Date.parse(attempt.startedAt);
    const isOpen = attempt.endedAt === null;
    const isLast = index === attempts.length - 1;
    const isLost = isOpen && !(isLast && state === 'running');
    const openEndMs = isLost ? startMs : endMs;
    const stopMs = attempt.endedAt === null ? openEndMs : Date.parse(attempt.endedAt);
    const wait = index === 0 && !isWhole ? undefined : stretch(freeMs, startMs);
    freeMs = Math.max(startMs, stopMs);
    return { attempt, wait, run: stretch(startMs, stopMs), isLost };
  });
  const coming = nextAttemptAt === null ? undefined : stretch(freeMs, endMs);
  return { rows, coming, totalMs: endMs - beginMs };
}

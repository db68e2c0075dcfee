import type { RetryRule } from '../../functions/function.js';
import type { EventRecord } from '../event.js';
import type { Settlement } from '../store/event-store.js';
import type { AttemptEnd } from './attempt-end.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Results, and events that have succeeded, are kept for so long. */
export const resultKeptMs = dayMs;

const firstDelayMs = 1000;
const longestDelayMs = 15 * 60 * 1000;

/** The platform is back as soon as somebody has restarted something: it is looked at more often than a handler that fails. */
const longestPlatformDelayMs = 60_000;

/** Whatever else the decision depends on. */
export interface RetryContext {
  readonly nowMs: number;
  /** From 0 to below 1. */
  readonly random: number;
  readonly deadKeptMs: number;
  /** How long the event may still be tried. */
  readonly leftMs: number;
}

type Tried = Pick<EventRecord, 'countedAttempts' | 'attempts'>;

/**
 * What becomes of an event after an attempt, by whose fault it was that it failed. The function's faults count, and the waits
 * between them grow, with full jitter: many events that failed together do not come back together. The platform's faults,
 * and refusals because too much runs, do not count. Nothing is tried after the event has expired.
 */
export function nextOf(
  event: Tried,
  end: AttemptEnd,
  retry: RetryRule,
  { nowMs, random, deadKeptMs, leftMs }: RetryContext,
): Settlement['next'] {
  if (end.outcome === 'success') return { state: 'succeeded', forgetAtMs: nowMs + resultKeptMs };
  const dead: Settlement['next'] = { state: 'dead', forgetAtMs: nowMs + deadKeptMs };
  const next = againAfter(event, end, retry, random);
  if (!next || next.delayMs >= leftMs) return dead;
  return { state: next.state, dueMs: nowMs + next.delayMs };
}

function againAfter(
  { countedAttempts, attempts }: Tried,
  end: AttemptEnd,
  { maxAttempts }: RetryRule,
  random: number,
): { state: 'queued' | 'failed'; delayMs: number } | undefined {
  if (end.outcome === 'function') {
    if (countedAttempts + 1 >= maxAttempts) return undefined;
    return { state: 'failed', delayMs: Math.round(random * grown(countedAttempts, longestDelayMs)) };
  }
  // Somebody starts the server again: the event waits for nothing else.
  if (end.code === 'DRAINING') return { state: 'queued', delayMs: 0 };
  if (end.outcome === 'caller' && !isRefusalOfLoad(end)) return undefined;
  const longestMs = grown(uncountedInARow(attempts), longestPlatformDelayMs);
  const delayMs = Math.max(end.retryAfterMs, Math.round(longestMs * (0.5 + random / 2)));
  return { state: 'queued', delayMs };
}

function grown(failures: number, longestMs: number): number {
  return Math.min(longestMs, firstDelayMs * 2 ** failures);
}

/** The function, or the key of whoever sent the event, runs as much as it may: that passes. */
function isRefusalOfLoad({ code }: AttemptEnd): boolean {
  return code === 'CONCURRENCY_LIMIT' || code === 'RATE_LIMITED';
}

/** The attempts that failed through others before this one, which is the last. */
function uncountedInARow(attempts: Tried['attempts']): number {
  const before = attempts.slice(0, -1);
  const lastCounted = before.findLastIndex(({ outcome }) => outcome === 'function' || outcome === 'success');
  return before.length - 1 - lastCounted;
}

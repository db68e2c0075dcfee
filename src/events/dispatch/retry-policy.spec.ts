import type { Attempt, AttemptOutcome } from '../event.js';
import type { AttemptEnd } from './attempt-end.js';
import { nextOf, type RetryContext } from './retry-policy.js';

const nowMs = 1_000_000;
const hourMs = 3_600_000;
const rule = { maxAttempts: 3, maxAgeSeconds: 21_600 };
const least: RetryContext = { nowMs, random: 0, deadKeptMs: 14 * 24 * hourMs, leftMs: 6 * hourMs };
const most: RetryContext = { ...least, random: 1 };
const dead = { state: 'dead', forgetAtMs: nowMs + 14 * 24 * hourMs };

function end(outcome: AttemptOutcome, code = 'FUNCTION_ERROR', retryAfterMs = 0): AttemptEnd {
  return { outcome, code, message: null, result: null, retryAfterMs };
}

const began: Attempt = {
  invocationId: 'i',
  startedAtMs: 0,
  endedAtMs: null,
  outcome: null,
  code: null,
  message: null,
};

/** An event whose attempts before this one ended so. */
function event(before: readonly AttemptOutcome[] = []) {
  const countedAttempts = before.filter((outcome) => outcome === 'function').length;
  const attempts = [...before.map((outcome): Attempt => ({ ...began, endedAtMs: 1, outcome })), began];
  return { countedAttempts, attempts };
}

describe('after an attempt an event', () => {
  it('has succeeded, and is kept for a day', () => {
    expect(nextOf(event(), end('success'), rule, least)).toEqual({
      state: 'succeeded',
      forgetAtMs: nowMs + 24 * hourMs,
    });
  });

  it.each([
    [[], 1000],
    [['function'], 2000],
    [['function', 'function', 'function'], 8000],
    [Array<AttemptOutcome>(15).fill('function'), 900_000],
  ] as const)('that failed by its function, after %j, is tried again within %i ms', (before, longestMs) => {
    const patient = { ...rule, maxAttempts: 100 };
    const next = (context: RetryContext) => nextOf(event(before), end('function'), patient, context);
    expect(next(least)).toEqual({ state: 'failed', dueMs: nowMs });
    expect(next(most)).toEqual({ state: 'failed', dueMs: nowMs + longestMs });
  });

  it('is dead once it has failed by its function as often as it may', () => {
    expect(nextOf(event(['function', 'function']), end('function'), rule, least)).toEqual(dead);
    expect(nextOf(event(), end('function'), { ...rule, maxAttempts: 1 }, least)).toEqual(dead);
  });

  it.each([
    [[], 500, 1000],
    [['platform', 'platform'], 2000, 4000],
    [['platform', 'function'], 500, 1000],
    [Array<AttemptOutcome>(20).fill('platform'), 30_000, 60_000],
  ] as const)(
    'that failed by the platform, after %j, waits from %i to %i ms, and this does not count',
    (before, leastMs, mostMs) => {
      const next = (context: RetryContext) =>
        nextOf(event(before), end('platform', 'OVERLOADED'), rule, context);
      expect(next(least)).toEqual({ state: 'queued', dueMs: nowMs + leastMs });
      expect(next(most)).toEqual({ state: 'queued', dueMs: nowMs + mostMs });
    },
  );

  it('waits as long as a refusal says', () => {
    const next = nextOf(event(), end('platform', 'OVERLOADED', 7000), rule, least);
    expect(next).toEqual({ state: 'queued', dueMs: nowMs + 7000 });
  });

  it('waits for nothing but the next start where the server stopped', () => {
    expect(nextOf(event(), end('platform', 'DRAINING', 5000), rule, most)).toEqual({
      state: 'queued',
      dueMs: nowMs,
    });
  });

  it.each(['CONCURRENCY_LIMIT', 'RATE_LIMITED'])('is tried again after %s, which does not count', (code) => {
    expect(nextOf(event(), end('caller', code), rule, most)).toEqual({
      state: 'queued',
      dueMs: nowMs + 1000,
    });
  });

  it('is dead at once through any other fault of whoever sent it', () => {
    expect(nextOf(event(), end('caller', 'FUNCTION_NOT_FOUND'), rule, least)).toEqual(dead);
  });

  it.each(['function', 'platform'] as const)(
    'is dead where the next attempt, after a fault of the %s, would come too late',
    (fault) => {
      expect(nextOf(event(), end(fault, 'X'), rule, { ...most, leftMs: 500 })).toEqual(dead);
    },
  );
});

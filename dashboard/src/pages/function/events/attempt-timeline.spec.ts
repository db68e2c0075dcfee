import type { EventAttemptResponse, EventResponse } from '@glambdar/client';
import { timelineOf } from './attempt-timeline.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();
const now = Date.parse(at(100));

function attempt(number: number, startedAt: string, endedAt: string | null): EventAttemptResponse {
  const outcome = endedAt === null ? null : 'function';
  return { number, invocationId: `call-${number}`, startedAt, endedAt, outcome, code: null, message: null };
}

function event(fields: Partial<EventResponse>): EventResponse {
  const attempts = fields.attempts ?? [];
  return {
    id: 'e',
    function: 'orders',
    state: 'failed',
    source: { kind: 'http' },
    acceptedAt: at(0),
    endedAt: null,
    expiresAt: at(59),
    nextAttemptAt: null,
    orderingKey: null,
    depth: 0,
    request: { method: 'POST', path: '/', bytes: 0 },
    attemptCount: attempts.length,
    followUp: null,
    ...fields,
    attempts,
  };
}

describe('the timeline of an event', () => {
  it('has each attempt after the wait for it, on the scale from its acceptance to its end', () => {
    const attempts = [attempt(1, at(10), at(20)), attempt(2, at(40), at(50))];
    const { rows, coming, totalMs } = timelineOf(event({ state: 'dead', endedAt: at(50), attempts }), now);
    expect(totalMs).toBe(50_000);
    expect(rows.map(({ wait, run }) => [wait, run])).toEqual([
      [
        { ms: 10_000, startPercent: 0, widthPercent: 20 },
        { ms: 10_000, startPercent: 20, widthPercent: 20 },
      ],
      [
        { ms: 20_000, startPercent: 40, widthPercent: 40 },
        { ms: 10_000, startPercent: 80, widthPercent: 20 },
      ],
    ]);
    expect(coming).toBeUndefined();
  });

  it('goes on to now while one runs, and while the next is waited for', () => {
    const running = timelineOf(event({ state: 'running', attempts: [attempt(1, at(50), null)] }), now);
    expect(running.rows[0]).toMatchObject({ isLost: false, run: { ms: 50_000, widthPercent: 50 } });
    const waiting = event({ attempts: [attempt(1, at(0), at(25))], nextAttemptAt: at(110) });
    expect(timelineOf(waiting, now).coming).toEqual({ ms: 75_000, startPercent: 25, widthPercent: 75 });
    expect(timelineOf(event({ state: 'queued', nextAttemptAt: at(0) }), now)).toMatchObject({
      rows: [],
      coming: { ms: 100_000, startPercent: 0, widthPercent: 100 },
    });
  });

  it('gives an attempt no length whose server ended', () => {
    const attempts = [attempt(1, at(10), null), attempt(2, at(20), null)];
    const { rows } = timelineOf(event({ state: 'running', attempts }), now);
    expect(rows.map(({ isLost, run }) => [isLost, run.ms])).toEqual([
      [true, 0],
      [false, 80_000],
    ]);
  });

  it('begins with the first attempt that is known', () => {
    const attempts = [attempt(7, at(50), at(75))];
    const { rows, totalMs } = timelineOf(event({ attempts, attemptCount: 7 }), now);
    expect(totalMs).toBe(50_000);
    expect(rows[0]).toMatchObject({ wait: undefined, run: { startPercent: 0, widthPercent: 50 } });
  });

  it('never runs backwards, whatever the clocks said', () => {
    const attempts = [attempt(1, at(10), at(5)), attempt(2, at(3), at(4))];
    const { rows } = timelineOf(event({ state: 'dead', endedAt: at(2), attempts }), now);
    for (const { wait, run } of rows)
      for (const { ms, startPercent, widthPercent } of [wait!, run]) {
        expect(Math.min(ms, startPercent, widthPercent)).toBeGreaterThanOrEqual(0);
        expect(startPercent).toBeLessThanOrEqual(100);
      }
    expect(timelineOf(event({ endedAt: at(0), state: 'succeeded' }), now).totalMs).toBe(0);
  });
});

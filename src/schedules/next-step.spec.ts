import type { Schedule } from '../functions/function.js';
import { graceMs, nextStep, type Progress } from './next-step.js';

const minuteMs = 60_000;
const at = (minutes: number, seconds = 0) => Date.UTC(2026, 0, 1, 12, minutes, seconds);
const skip: Schedule = { cron: '*/10 * * * *' };
const runOnce: Schedule = { ...skip, missed: 'run-once' };

function step(schedule: Schedule, nowMs: number, progress: Partial<Progress> = {}) {
  return nextStep(schedule, { sinceMs: at(1), lastDueMs: null, triedMs: null, ...progress }, nowMs);
}

describe.each([
  ['skip', skip],
  ['run-once', runOnce],
])('a schedule that shall %s what it missed', (_, schedule) => {
  it('waits for the first time after it began', () => {
    expect(step(schedule, at(9, 59))).toEqual({ kind: 'wait', untilMs: at(10) });
  });

  it('fires at the time, and then waits for the next', () => {
    expect(step(schedule, at(10))).toEqual({ kind: 'fire', dueMs: at(10) });
    expect(step(schedule, at(10), { lastDueMs: at(10) })).toEqual({ kind: 'wait', untilMs: at(20) });
  });

  it('fires late where it was late by no more than the grace', () => {
    expect(step(schedule, at(10) + graceMs)).toEqual({ kind: 'fire', dueMs: at(10) });
  });

  it('does not fire again for a time that has passed, whatever the clock says', () => {
    const fired = { lastDueMs: at(30) };
    for (const nowMs of [at(10), at(20), at(30), at(39), at(30) - 86_400_000])
      expect(step(schedule, nowMs, fired)).toEqual({ kind: 'wait', untilMs: at(40) });
  });

  it('never fires where no time comes', () => {
    expect(step({ ...schedule, cron: '0 0 30 2 *' }, at(10))).toEqual({ kind: 'wait', untilMs: undefined });
  });
});

describe('times that pass while the server does not run', () => {
  it('are left out together, up to those that are hardly late', () => {
    expect(step(skip, at(31))).toEqual({ kind: 'leave-out', dueMs: at(20) });
    expect(step(skip, at(31), { lastDueMs: at(20) })).toEqual({ kind: 'fire', dueMs: at(30) });
    expect(step(skip, at(35))).toEqual({ kind: 'leave-out', dueMs: at(30) });
    expect(step(skip, at(10) + graceMs + 1)).toEqual({ kind: 'leave-out', dueMs: at(10) });
  });

  it('are made up for by one call, for the last of them', () => {
    expect(step(runOnce, at(35))).toEqual({ kind: 'fire', dueMs: at(30) });
    expect(step(runOnce, at(35), { lastDueMs: at(30) })).toEqual({ kind: 'wait', untilMs: at(40) });
    expect(step(runOnce, at(10) + 400 * 86_400_000)).toMatchObject({ kind: 'fire' });
  });

  it('are those of an interval as well', () => {
    const every: Schedule = { every: '10m' };
    const last = at(1) + 30 * minuteMs;
    expect(step(every, at(35))).toEqual({ kind: 'leave-out', dueMs: last });
    expect(step({ ...every, missed: 'run-once' }, at(35))).toEqual({ kind: 'fire', dueMs: last });
  });
});

describe('a time for which no event could be made', () => {
  const tried = { triedMs: at(10) };

  it('is tried again, however late, until the next one is due', () => {
    expect(step(skip, at(19, 59), tried)).toEqual({ kind: 'fire', dueMs: at(10) });
    expect(step(skip, at(20), tried)).toEqual({ kind: 'give-up', dueMs: at(10) });
  });

  it('is made up for by one call, where the schedule says so', () => {
    expect(step(runOnce, at(35), tried)).toEqual({ kind: 'fire', dueMs: at(30) });
  });
});

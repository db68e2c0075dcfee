import {
  intervalMsOf,
  maxSchedulePayloadBytes,
  maxSchedulesBytes,
  maxSchedules,
  scheduleProblem,
  schedulesProblem,
} from './schedule-rules.js';

const problem = (schedule: unknown) => scheduleProblem(schedule, 'schedules.a');

describe('a schedule', () => {
  it.each([
    { cron: '*/5 * * * *' },
    { cron: '0 3 * * MON-FRI', timeZone: 'Europe/Berlin' },
    { cron: '30 0 3 * * *', enabled: false },
    { cron: '0 0 29 2 *', missed: 'run-once' },
    { cron: '0 0 L * *', missed: 'skip' },
    { every: '1s' },
    { every: '366d', payload: { a: [1, null] } },
    { every: '1h', payload: null },
    { cron: '@daily' },
    { cron: '* * * * * *', timeZone: 'Australia/Lord_Howe' },
    { cron: '0 0 1 * +MON' },
    { every: '1h', payload: 'x'.repeat(maxSchedulePayloadBytes - 2) },
  ])('may be %j', (schedule) => {
    expect(problem(schedule)).toBeUndefined();
  });

  it.each([
    [{}, 'schedules.a must have one of cron and every'],
    [{ cron: '* * * * *', every: '10m' }, 'schedules.a must have one of cron and every'],
    [{ every: '10m', timeZone: 'UTC' }, 'schedules.a.timeZone must be left out with every'],
    [{ cron: '* * * * *', timeZone: 'Mars/Base' }, 'schedules.a.timeZone must be the name of a time zone'],
    [{ cron: '* * * * *', timeZone: '' }, 'schedules.a.timeZone must be the name of a time zone'],
    [{ cron: '' }, 'schedules.a.cron must be a cron expression of five or six fields'],
    [{ cron: '* * *' }, 'schedules.a.cron must be a cron expression of five or six fields'],
    [{ cron: '* * * * * * *' }, 'schedules.a.cron must be a cron expression of five or six fields'],
    [{ cron: '61 * * * *' }, 'schedules.a.cron has the minute "61", which must be *, or values from 0 to 59'],
    [{ cron: '0 24 * * *' }, 'schedules.a.cron has the hour "24", which must be *, or values from 0 to 23'],
    [
      { cron: '0 0 0 * *' },
      'schedules.a.cron has the day of the month "0", which must be *, or values from 1',
    ],
    [
      { cron: '60 * * * * *' },
      'schedules.a.cron has the second "60", which must be *, or values from 0 to 59',
    ],
    [{ cron: '0 22-2 * * *' }, 'schedules.a.cron has the hour "22-2", which must be'],
    [{ cron: '5/10 * * * *' }, 'schedules.a.cron has the minute "5/10", which must be'],
    [{ cron: '*/0 * * * *' }, 'schedules.a.cron has the minute "*/0", which must be'],
    [{ cron: '0 0 * FOO *' }, 'schedules.a.cron has the month "FOO", which must be'],
    [{ cron: '0 0 1 1 2027' }, 'schedules.a.cron has the day of the week "2027", which must be'],
    [{ cron: '@reboot' }, 'schedules.a.cron must be five or six fields, or one of @yearly'],
    [{ cron: '0 0 30 2 *' }, 'schedules.a.cron must name a time that comes; "0 0 30 2 *" never does'],
    [{ cron: '0 0 31 4,6,9,11 *' }, 'schedules.a.cron must name a time that comes'],
    [{ cron: '2030-01-01T00:00:00' }, 'schedules.a.cron must be a cron expression of five or six fields'],
    [{ cron: '0 0 31 2 *' }, 'schedules.a.cron must name a time that comes; "0 0 31 2 *" never does'],
    [{ cron: '* * * * ü' }, 'schedules.a.cron must be a cron expression in ASCII'],
    [{ cron: null }, 'schedules.a.cron must be'],
    [{ every: '0s' }, 'schedules.a.every must be a whole number and s, m, h or d, from 1s to 366d'],
    [{ every: '367d' }, 'schedules.a.every must be'],
    [{ every: 600 }, 'schedules.a.every must be'],
    [{ every: '10 m' }, 'schedules.a.every must be'],
    [{ every: '010m' }, 'schedules.a.every must be'],
    [{ every: '1h', enabled: 'no' }, 'schedules.a.enabled must be true or false'],
    [{ every: '1h', missed: 'all' }, 'schedules.a.missed must be one of skip, run-once'],
    [{ every: '1h', payload: 'x'.repeat(maxSchedulePayloadBytes) }, 'schedules.a.payload must have at most'],
    [{ every: '1h', name: 'x' }, 'There is no field "schedules.a.name"; use cron, every, timeZone'],
    [null, 'schedules.a must be one JSON object'],
    ['10m', 'schedules.a must be one JSON object'],
  ])('may not be %j', (schedule, sentence) => {
    expect(problem(schedule)).toContain(sentence);
  });

  it.each([
    ['10s', 10_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1s', 1000],
    ['0m', undefined],
    ['1w', undefined],
    ['9999999d', undefined],
  ])('every %s is %j ms', (every, ms) => {
    expect(intervalMsOf(every)).toBe(ms);
  });
});

describe('the schedules of a function', () => {
  const schedules = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { every: '1h' }]));

  it('may be so many and no more', () => {
    expect(schedulesProblem(schedules(maxSchedules), 'schedules')).toBeUndefined();
    expect(schedulesProblem(schedules(maxSchedules + 1), 'schedules')).toBe(
      `schedules must have at most ${maxSchedules} schedules`,
    );
  });

  it('may have so many bytes together, and no more', () => {
    const payload = 'x'.repeat(maxSchedulePayloadBytes - 2);
    const named = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`s${index}`, { every: '1h', payload }]),
      );
    expect(schedulesProblem(named(3), 'schedules')).toBeUndefined();
    expect(schedulesProblem(named(4), 'schedules')).toBe(
      `schedules must have at most ${maxSchedulesBytes} bytes as JSON, all schedules together`,
    );
  });

  it.each(['', 'a b', '-a', 'ä', 'a/b', 'x'.repeat(65), '__proto__'])('may not be called %j', (name) => {
    const named = JSON.parse(`{${JSON.stringify(name)}:{"every":"1h"}}`) as object;
    expect(schedulesProblem(named, 'schedules')).toMatch(/^The name of a schedule must be/);
  });

  it.each([null, [], 'x', 7])('may not be %j', (value) => {
    expect(schedulesProblem(value, 'schedules')).toBe(
      'schedules must be an object of schedules by their names',
    );
  });
});

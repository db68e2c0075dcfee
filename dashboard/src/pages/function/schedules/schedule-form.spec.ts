import type { ScheduleResponse } from '@glambdar/client';
import { definitionOf, errorsOf, formOf, newForm, switched } from './schedule-form.js';

const schedule = { function: 'orders', enabled: true, missed: 'run-once' as const, next: [], last: null };
const nightly: ScheduleResponse = {
  ...schedule,
  name: 'nightly',
  cron: '0 3 * * *',
  timeZone: 'Europe/Berlin',
  payload: { a: null },
};
const often: ScheduleResponse = { ...schedule, name: 'often', every: '10m' };

describe('the form of a schedule', () => {
  it.each([
    [
      'a cron expression',
      nightly,
      { cron: '0 3 * * *', timeZone: 'Europe/Berlin', payload: { a: null }, missed: 'run-once' },
    ],
    ['an interval, which no time zone changes', often, { every: '10m', missed: 'run-once' }],
  ])('sends what it was opened with: %s', (_, given, definition) => {
    expect(definitionOf(formOf(given, 'Asia/Tokyo'))).toEqual({
      definition: { ...definition, enabled: true },
    });
    expect(switched(given, false)).toEqual({ ...definition, enabled: false });
  });

  it('begins in the browser’s time zone, and may have none', () => {
    const form = { ...newForm('Asia/Tokyo'), name: 'new' };
    expect(definitionOf(form)).toMatchObject({ definition: { timeZone: 'Asia/Tokyo' } });
    expect(definitionOf({ ...form, timeZone: ' ' })).toEqual({
      definition: { cron: '0 3 * * *', enabled: true, missed: 'skip' },
    });
  });

  it.each(['0', 'null', '"text"', '[]'])('sends any JSON as the payload: %s', (payload) => {
    expect(definitionOf({ ...newForm('UTC'), name: 'a', payload })).toMatchObject({
      definition: { payload: JSON.parse(payload) as unknown },
    });
  });

  it('says itself that a name is missing, and that a payload is no JSON', () => {
    expect(definitionOf({ ...newForm('UTC'), name: ' ' })).toHaveProperty('errors.name');
    expect(definitionOf({ ...newForm('UTC'), name: 'a', payload: '{a:1}' })).toHaveProperty('errors.payload');
  });

  it.each([
    ['cron', 'cron must be a cron expression of five or six fields.', 'cron'],
    ['schedules', 'schedules.nightly.timeZone must be the name of a time zone.', 'timeZone'],
    ['body', 'every must be a whole number and s, m, h or d.', 'every'],
    ['schedule', 'The name of a schedule must be 1 to 64 letters.', 'name'],
    [undefined, 'No.', 'name'],
  ])('shows a refusal of %s where it belongs: %s', (field, message, at) => {
    expect(errorsOf({ field, message })).toEqual({ [at]: message });
  });
});

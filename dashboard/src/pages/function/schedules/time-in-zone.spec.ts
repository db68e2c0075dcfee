import { ownTimeZone, timeIn, timeZones } from './time-in-zone.js';

const summer = '2026-07-01T12:00:00.000Z';

it.each([
  ['UTC', 'Jul 1, 2026, 12:00:00 PM'],
  ['Europe/Berlin', 'Jul 1, 2026, 2:00:00 PM'],
  ['No/Such', undefined],
  [undefined, undefined],
])('tells the time in %s', (timeZone, text) => {
  // Which space stands before PM is the browser's choice.
  expect(timeIn(timeZone, summer)?.replaceAll(/\s/g, ' ')).toBe(text);
});

it('offers every time zone once, the reader’s own among them', () => {
  const zones = timeZones();
  expect(new Set(zones).size).toBe(zones.length);
  expect(zones).toContain('Europe/Berlin');
  expect(timeIn(ownTimeZone(), summer)).toBeDefined();
});

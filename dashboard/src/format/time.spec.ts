import { hourAndMinute, relative, timeOfDay } from './time.js';

const now = Date.parse('2026-05-01T12:00:00Z');

describe('a moment', () => {
  it.each([
    [0, 'just now'],
    [-4, 'just now'],
    [12, '12 s ago'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3 * 3600 + 5, '3 h ago'],
    [3 * 86_400, '3 d ago'],
    [-7200, 'in 2 h'],
  ])('of %p seconds ago is told as %s', (seconds, text) => {
    expect(relative(now - seconds * 1000, now)).toBe(text);
  });

  it('of the day has two digits each, and no twelve hours', () => {
    expect(timeOfDay(now)).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(hourAndMinute(now)).toMatch(/^\d\d:\d\d$/);
  });
});

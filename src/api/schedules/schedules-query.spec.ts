import { readQuery } from '../../common/input/query-fields.js';
import { cursorOf, SchedulesQuery } from './schedules-query.js';

describe('the cursor of a page of schedules', () => {
  it('is read as the place that it was made of', () => {
    const place = { functionName: 'report', schedule: 'nightly' };
    expect(readQuery(SchedulesQuery, { cursor: cursorOf(place) })).toMatchObject({
      cursor: place,
      limit: 100,
    });
  });

  it.each(['', 'x', 'report/nightly', 'YS9iL2M'])('is refused where no page has given it: %j', (cursor) => {
    expect(() => readQuery(SchedulesQuery, { cursor })).toThrow(/cursor/);
  });
});

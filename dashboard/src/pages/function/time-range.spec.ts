import { anyTime, timeRangeOf } from './time-range.js';

const local = (moment: string) => new Date(moment).toISOString();

describe('a range of time', () => {
  it('is everything, or how long ago it began', () => {
    expect(timeRangeOf(anyTime)).toEqual({ range: {} });
    expect(timeRangeOf({ ...anyTime, choice: '6h' })).toEqual({ range: { since: '6h' } });
  });

  it('goes from one moment of the reader’s clock to another', () => {
    expect(timeRangeOf({ choice: 'custom', from: '2026-01-31T12:00', to: '2026-01-31T13:30' })).toEqual({
      range: { since: local('2026-01-31T12:00'), until: local('2026-01-31T13:30') },
    });
  });

  it('may be open at either end', () => {
    expect(timeRangeOf({ choice: 'custom', from: '', to: '' })).toEqual({ range: {} });
    expect(timeRangeOf({ choice: 'custom', from: '', to: '2026-01-31T13:30' })).toEqual({
      range: { until: local('2026-01-31T13:30') },
    });
    expect(timeRangeOf({ choice: 'custom', from: 'nonsense', to: '' })).toEqual({ range: {} });
  });

  it('does not end before it begins', () => {
    expect(timeRangeOf({ choice: 'custom', from: '2026-01-31T12:00', to: '2026-01-31T12:00' })).toEqual({
      error: 'The end must be after the beginning.',
    });
  });
});

import { lineTime } from './line-time.js';

describe('the time of a log line', () => {
  it('is that of its millisecond, and goes back where the clock does', () => {
    let nowMs = 0;
    const time = lineTime(() => nowMs);
    const texts = [0, 0, 1, 86_400_000, 1].map((ms) => {
      nowMs = ms;
      return time();
    });
    expect(texts).toEqual([
      ',"time":"1970-01-01T00:00:00.000Z"',
      ',"time":"1970-01-01T00:00:00.000Z"',
      ',"time":"1970-01-01T00:00:00.001Z"',
      ',"time":"1970-01-02T00:00:00.000Z"',
      ',"time":"1970-01-01T00:00:00.001Z"',
    ]);
  });
});

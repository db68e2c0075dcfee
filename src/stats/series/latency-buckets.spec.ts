import fc from 'fast-check';
import { bucketCount, bucketOf, quantileMs } from './latency-buckets.js';

function countsOf(durations: readonly number[]): Float64Array {
  const counts = new Float64Array(bucketCount);
  for (const ms of durations) counts[bucketOf(ms)]! += 1;
  return counts;
}

describe('a quantile of durations', () => {
  const quarterMsTo24Minutes = fc.double({ min: 0.25, max: 24 * 60_000, noNaN: true });

  it('is at most 19 % away from the duration that it stands for', () => {
    fc.assert(
      fc.property(
        fc.array(quarterMsTo24Minutes, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
        (durations, part) => {
          const inOrder = durations.toSorted((a, b) => a - b);
          const exact = inOrder[Math.ceil(part * inOrder.length) - 1]!;
          const error = quantileMs(countsOf(durations), part)! / exact - 1;
          // The three digits that are shown add up to half a percent.
          expect(Math.abs(error)).toBeLessThan(0.2);
        },
      ),
    );
  });

  it('is null where nothing was counted', () => {
    expect(quantileMs(countsOf([]), 0.5)).toBeNull();
  });

  it.each([0, -1, 0.1, 0.25, Number.NaN])('takes %d ms for the shortest duration', (ms) => {
    expect(bucketOf(ms)).toBe(0);
    expect(quantileMs(countsOf([ms]), 0.5)).toBe(0.21);
  });

  it.each([3_000_000, Number.POSITIVE_INFINITY])('takes %d ms for the longest', (ms) => {
    expect(bucketOf(ms)).toBe(bucketCount - 1);
  });
});

/** What is shorter counts as this. */
const shortestMs = 0.25;

const bucketsPerDoubling = 2;

/** What takes longer than 24 minutes is in the last one. */
export const bucketCount = 46;

/**
 * Durations are counted in buckets, each of whose bounds is √2 times the one before. What is read from them is the
 * geometric middle of a bucket, so no duration in it is more than 19 % away: the fourth root of 2.
 */
export function bucketOf(ms: number): number {
  if (!(ms > shortestMs)) return 0;
  return Math.min(bucketCount - 1, Math.ceil(Math.log2(ms / shortestMs) * bucketsPerDoubling));
}

function middleOf(bucket: number): number {
  return shortestMs * 2 ** ((bucket - 0.5) / bucketsPerDoubling);
}

/** The duration that this part of all counted ones does not exceed, in milliseconds; null if nothing was counted. */
export function quantileMs(counts: Float64Array, part: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = part * total;
  let counted = 0;
  const bucket = counts.findIndex((count) => {
    counted += count;
    return counted > 0 && counted >= rank;
  });
  return Number(middleOf(bucket).toPrecision(3));
}

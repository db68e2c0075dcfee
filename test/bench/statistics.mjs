/** What a list of samples comes down to. */

/**
 * The smallest sample that at least this share of all samples does not exceed (nearest rank): always one that was
 * measured, never a value in between.
 * @param {readonly number[]} samples
 * @param {number} share between 0 and 1
 * @returns {number} NaN without samples
 */
export function percentile(samples, share) {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** @param {readonly number[]} samples */
export function median(samples) {
  return percentile(samples, 0.5);
}

/** @param {readonly number[]} samples */
export function p99(samples) {
  return percentile(samples, 0.99);
}

/** @param {readonly number[]} samples */
export function worst(samples) {
  return percentile(samples, 1);
}

const MOST_LISTED = 2_000;
const PER_MS = 100;

/**
 * Samples as they go into the raw data: few in the order in which they were taken; many as pairs of a value, rounded to
 * a hundredth, and how often it came, because a hundred thousand numbers would bury the file.
 * @param {readonly number[]} samples
 * @returns {number[] | { value: number, count: number }[]}
 */
export function compact(samples) {
  const rounded = samples.map((sample) => Math.round(sample * PER_MS) / PER_MS);
  if (rounded.length <= MOST_LISTED) return rounded;
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const value of rounded) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ value, count }));
}

/** What has to hold for a number to mean anything: a row that measured something else fails instead of printing it. */
import type { LoadResult } from '../load/tally.js';

/** Every call was answered. */
export function onlyAnswers(result: LoadResult) {
  if (Object.keys(result.failures).length > 0)
    throw new Error(`Calls failed: ${JSON.stringify(result.failures)}`);
  if (result.latenciesMs.length === 0) throw new Error('No call was answered.');
  return result;
}

/** Every container came this way. */
export function onlyOrigin(origin: string, result: LoadResult) {
  const origins = Object.keys(result.origins);
  if (origins.join() !== origin)
    throw new Error(`Containers should all have come as ${origin}: ${JSON.stringify(result.origins)}`);
  return result;
}

/** Counts of several results together. */
export function summed(counts: readonly Record<string, number>[]) {
  const sums: Record<string, number> = {};
  for (const one of counts) {
    for (const [key, count] of Object.entries(one)) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

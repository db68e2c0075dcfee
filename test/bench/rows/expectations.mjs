/** What has to hold for a number to mean anything: a row that measured something else fails instead of printing it. */

/** @typedef {import('../load/run-load.mjs').LoadResult} LoadResult */

/** Every call was answered. @param {LoadResult} result */
export function onlyAnswers(result) {
  if (Object.keys(result.failures).length > 0)
    throw new Error(`Calls failed: ${JSON.stringify(result.failures)}`);
  if (result.latenciesMs.length === 0) throw new Error('No call was answered.');
  return result;
}

/**
 * Every container came this way.
 * @param {string} origin
 * @param {LoadResult} result
 */
export function onlyOrigin(origin, result) {
  const origins = Object.keys(result.origins);
  if (origins.join() !== origin)
    throw new Error(`Containers should all have come as ${origin}: ${JSON.stringify(result.origins)}`);
  return result;
}

/**
 * Counts of several results together.
 * @param {readonly Record<string, number>[]} counts
 */
export function summed(counts) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const one of counts) {
    for (const [key, count] of Object.entries(one)) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

const firstMs = 250;
const longestMs = 10_000;

/** How long the store is left alone after it has failed so many times before. */
export function backOffMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** failures);
}

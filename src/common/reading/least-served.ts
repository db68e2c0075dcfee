/** The one that has had least; of those with as much, the one that has waited longest. */
export function leastServed<R extends { readonly servedMs: number }>(waiting: Iterable<R>): R | undefined {
  let least: R | undefined;
  for (const reading of waiting) {
    if (!least || reading.servedMs < least.servedMs) least = reading;
  }
  return least;
}

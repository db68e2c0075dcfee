/** Upper bounds in seconds: from a call of a waiting container to the longest that a call may take. */
export const durationBuckets = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
  900,
] as const;

/**
 * Durations counted into the buckets of a histogram. Every call is counted four times, which prom-client's own histogram
 * makes a twentieth of the server's time for a call: it finds the labels anew for each.
 */
export class Durations {
  /** One for each bucket, not cumulative; the last is of what is longer than all. */
  private readonly counts = new Array<number>(durationBuckets.length + 1).fill(0);
  private sumSeconds = 0;

  observe(ms: number): void {
    const seconds = ms / 1000;
    let bucket = 0;
    while (bucket < durationBuckets.length && seconds > (durationBuckets[bucket] ?? Infinity)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumSeconds += seconds;
  }

  /** As a histogram shows them: how many took at most so long, bucket by bucket, then all, and their sum in seconds. */
  read(): { readonly upTo: readonly (readonly [le: string, count: number])[]; readonly sum: number } {
    let count = 0;
    const upTo = this.counts.map((inBucket, bucket) => {
      count += inBucket;
      return [String(durationBuckets[bucket] ?? '+Inf'), count] as const;
    });
    return { upTo, sum: this.sumSeconds };
  }
}

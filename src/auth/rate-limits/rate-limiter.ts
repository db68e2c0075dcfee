import type { Clock } from '../../common/time/clock.js';
import { take, type BucketLimit, type BucketState, type Taken } from './token-bucket.js';

/** A bucket for each key or address. Of too many the one that was not used for longest is forgotten: it is the fullest. */
export class RateLimiter {
  private readonly buckets = new Map<string, BucketState>();

  constructor(
    readonly limit: BucketLimit,
    private readonly maxBuckets: number,
    private readonly clock: Clock,
  ) {}

  get bucketCount(): number {
    return this.buckets.size;
  }

  take(whose: string): Taken {
    const taken = take(this.buckets.get(whose), this.limit, this.clock.monotonicMs());
    // Set anew, the bucket goes to the end: a map is in the order of insertion.
    this.buckets.delete(whose);
    this.buckets.set(whose, taken.state);
    this.forgetOldest();
    return taken;
  }

  private forgetOldest(): void {
    if (this.buckets.size <= this.maxBuckets) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}

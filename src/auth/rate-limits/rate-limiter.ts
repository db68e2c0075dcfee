import type { Clock } from '../../common/time/clock.js';

export interface BucketLimit {
  /** How many may come at once. */
  readonly burst: number;
  /** How many tokens return per second; more than 0. */
  readonly perSecond: number;
}

/** What a bucket holds at a time of the monotonic clock. A bucket that was never used is full. */
export interface BucketState {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Taken {
  readonly state: BucketState;
  readonly isGranted: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** When there will be a token; 0 if there is one now. */
  readonly retryAfterMs: number;
  /** When the bucket will be full again. */
  readonly fullAfterMs: number;
}

/** Takes a token if there is one. A refusal costs nothing, so waiting for `retryAfterMs` is always enough. */
export function take(before: BucketState | undefined, limit: BucketLimit, nowMs: number): Taken {
  const { burst, perSecond } = limit;
  const refilled = before ? before.tokens + ((nowMs - before.atMs) / 1000) * perSecond : burst;
  const available = Math.min(burst, refilled);
  const isGranted = available >= 1;
  const tokens = isGranted ? available - 1 : available;
  return {
    state: { tokens, atMs: nowMs },
    isGranted,
    remaining: Math.floor(tokens),
    retryAfterMs: tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1000,
    fullAfterMs: ((burst - tokens) / perSecond) * 1000,
  };
}

/** A bucket for each key or address. Of too many the one that was not used for longest is forgotten: it is the fullest. */
export class RateBuckets {
  private readonly buckets = new Map<string, BucketState>();

  constructor(
    private readonly maxBuckets: number,
    private readonly clock: Clock,
  ) {}

  get count(): number {
    return this.buckets.size;
  }

  take(whose: string, limit: BucketLimit): Taken {
    const taken = take(this.buckets.get(whose), limit, this.clock.monotonicMs());
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

/** Buckets that have one limit. */
export class RateLimiter {
  private readonly buckets: RateBuckets;

  constructor(
    readonly limit: BucketLimit,
    maxBuckets: number,
    clock: Clock,
  ) {
    this.buckets = new RateBuckets(maxBuckets, clock);
  }

  get bucketCount(): number {
    return this.buckets.count;
  }

  take(whose: string): Taken {
    return this.buckets.take(whose, this.limit);
  }
}

import { take } from './token-bucket.js';
/** A bucket for each key or address. Of too many the one that was not used for longest is forgotten: it is the fullest. */ export class RateLimiter {
    limit;
    maxBuckets;
    clock;
    buckets = new Map();
    constructor(limit, maxBuckets, clock){
        this.limit = limit;
        this.maxBuckets = maxBuckets;
        this.clock = clock;
    }
    get bucketCount() {
        return this.buckets.size;
    }
    take(whose) {
        const taken = take(this.buckets.get(whose), this.limit, this.clock.monotonicMs());
        // Set anew, the bucket goes to the end: a map is in the order of insertion.
        this.buckets.delete(whose);
        this.buckets.set(whose, taken.state);
        this.forgetOldest();
        return taken;
    }
    forgetOldest() {
        if (this.buckets.size <= this.maxBuckets) return;
        const [oldest] = this.buckets.keys();
        if (oldest !== undefined) this.buckets.delete(oldest);
    }
}

//# sourceMappingURL=rate-limiter.js.map
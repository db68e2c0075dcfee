import type { Fault } from '../../common/errors/error-codes.js';
import { bucketCount } from './latency-buckets.js';

/** What is counted of the calls in one step of time. Every call is also in `calls`. */
export const counted = ['calls', 'caller', 'function', 'platform', 'refused'] as const;

const places = { calls: 0, caller: 1, function: 2, platform: 3, refused: 4 } as const;

/** How a call ended, as far as it is counted. */
export interface CountedCall {
  readonly atMs: number;
  /** Whose fault it was that it failed. */
  readonly fault: Fault | undefined;
  /** Of its duration; undefined if it never ran. */
  readonly bucket: number | undefined;
}

/** Sums of what was counted, and its durations by bucket. */
export class CallTotals {
  readonly durations = new Float64Array(bucketCount);
  private readonly sums = new Float64Array(counted.length);

  of(what: (typeof counted)[number]): number {
    return this.sums[places[what]] ?? 0;
  }

  get errors(): number {
    return this.of('caller') + this.of('function') + this.of('platform');
  }

  add(place: number, count: number): void {
    this.sums[place] = (this.sums[place] ?? 0) + count;
  }
}

/** Most that a bucket of a step holds. */
const fullBucket = 65_535;

/**
 * The calls of the last steps of time, by the wall clock. Each slot says which step it holds, and is emptied when a call
 * of another one comes: a clock that jumps, or a machine that sleeps, leaves steps without calls and nothing to do.
 */
export class CallRing {
  private readonly steps: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly durations: Uint16Array;
  /** A step counts the duration of one call in 2ⁿ only, once a bucket of it was full n times. */
  private readonly halvings: Uint8Array;
  /** Chooses these: calls that come in a rhythm would be left out in that rhythm. */
  private random = 1;

  constructor(
    private readonly stepMs: number,
    private readonly size: number,
  ) {
    this.steps = new Uint32Array(size);
    this.counts = new Uint32Array(size * counted.length);
    this.durations = new Uint16Array(size * bucketCount);
    this.halvings = new Uint8Array(size);
  }

  get bytes(): number {
    return [this.steps, this.counts, this.durations, this.halvings].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
  }

  /** The step that a moment belongs to. */
  stepAt(atMs: number): number {
    return Math.max(0, Math.floor(atMs / this.stepMs));
  }

  /** `isRefused`: because of a limit of what this series is about. */
  count({ atMs, fault, bucket }: CountedCall, isRefused: boolean): void {
    const slot = this.slotFor(this.stepAt(atMs));
    const at = slot * counted.length;
    this.increment(at + places.calls);
    if (fault !== undefined) this.increment(at + places[fault]);
    if (isRefused) this.increment(at + places.refused);
    if (bucket !== undefined) this.time(slot, bucket);
  }

  /** Adds what this step counted, which is nothing if the ring does not hold it. */
  addTo(totals: CallTotals, step: number): void {
    const slot = step % this.size;
    if (this.steps[slot] !== step) return;
    for (let place = 0; place < counted.length; place += 1)
      totals.add(place, this.counts[slot * counted.length + place] ?? 0);
    const weight = 2 ** (this.halvings[slot] ?? 0);
    const { durations } = totals;
    for (let bucket = 0; bucket < bucketCount; bucket += 1)
      durations[bucket] =
        (durations[bucket] ?? 0) + weight * (this.durations[slot * bucketCount + bucket] ?? 0);
  }

  callsIn(step: number): number {
    const slot = step % this.size;
    return this.steps[slot] === step ? (this.counts[slot * counted.length] ?? 0) : 0;
  }

  /** Forgets everything. */
  clear(): void {
    for (const array of [this.steps, this.counts, this.durations, this.halvings]) array.fill(0);
  }

  private slotFor(step: number): number {
    const slot = step % this.size;
    if (this.steps[slot] === step) return slot;
    this.steps[slot] = step;
    this.counts.fill(0, slot * counted.length, (slot + 1) * counted.length);
    this.durations.fill(0, slot * bucketCount, (slot + 1) * bucketCount);
    this.halvings[slot] = 0;
    return slot;
  }

  private increment(place: number): void {
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  private time(slot: number, bucket: number): void {
    const halvings = this.halvings[slot] ?? 0;
    if (halvings > 0 && this.nextRandom() >= 2 ** (32 - halvings)) return;
    const place = slot * bucketCount + bucket;
    if (this.durations[place] === fullBucket) this.halve(slot);
    this.durations[place] = (this.durations[place] ?? 0) + 1;
  }

  /** Of 32 bits (the constants of Numerical Recipes). */
  private nextRandom(): number {
    this.random = (Math.imul(this.random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.random;
  }

  private halve(slot: number): void {
    this.halvings[slot] = (this.halvings[slot] ?? 0) + 1;
    for (let place = slot * bucketCount; place < (slot + 1) * bucketCount; place += 1)
      this.durations[place] = (this.durations[place] ?? 0) >> 1;
  }
}

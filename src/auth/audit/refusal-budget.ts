import type { RefusedKind } from '../../common/auth/unaudited-refusals.js';
import { shareOf } from '../../common/shares/shares.settings.js';
import type { Clock } from '../../common/time/clock.js';
import { RateLimiter } from '../rate-limits/rate-limiter.js';

export interface RefusalLimits {
  /** Refusals that are told within the time, of each kind. */
  readonly most: number;
  readonly seconds: number;
  /** Part of them that one key or one address may have. */
  readonly sharePercent: number;
  /** Keys and addresses that are remembered. */
  readonly maxHolders: number;
}

/**
 * How often refusals are told. Whoever knocks decides how often, so strangers have a budget of their own: however many
 * they are, they hide no refusal of a key, and one key or address leaves room to the others of its kind.
 */
export class RefusalBudget {
  private readonly ofAll: RateLimiter;
  private readonly ofEach: RateLimiter;
  private readonly leftOut = { key: 0, stranger: 0 };

  constructor({ most, seconds, sharePercent, maxHolders }: RefusalLimits, clock: Clock) {
    const limiter = (burst: number, buckets: number) =>
      new RateLimiter({ burst, perSecond: burst / seconds }, buckets, clock);
    this.ofAll = limiter(most, 2);
    this.ofEach = limiter(shareOf(most, sharePercent), maxHolders);
  }

  /** How many of the kind were left out since the last that was told; undefined where this one is left out, too. */
  take(kind: RefusedKind, holder: string): number | undefined {
    const isTold = this.ofEach.take(`${kind} ${holder}`).isGranted && this.ofAll.take(kind).isGranted;
    if (!isTold) {
      this.leftOut[kind] += 1;
      return undefined;
    }
    const leftOut = this.leftOut[kind];
    this.leftOut[kind] = 0;
    return leftOut;
  }
}

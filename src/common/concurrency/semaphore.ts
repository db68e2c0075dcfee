import { SharedBudget, type BudgetLimits, type Shortage } from '../budgets/shared-budget.js';
import { Cancellation } from '../time/cancellation.js';
import type { Clock } from '../time/clock.js';

/** Gives the permit back; more than once does nothing. */
export type Release = () => void;

export interface SemaphoreLimits {
  /** Held at the same time, by all and by one holder. */
  readonly permits: BudgetLimits;
  /** Waiting for one; more are refused at once. */
  readonly queue: BudgetLimits;
}

/** How long somebody waits for a permit, and what they are told where they get none. */
export interface Wait {
  readonly clock: Clock;
  readonly withinMs: number;
  /** `total` also where the wait was too long. */
  readonly refusal: (shortage: Shortage) => Error;
  readonly cancellation?: Cancellation;
}

interface Waiter {
  readonly holder: string | undefined;
  readonly grant: () => void;
}

/** For holders that have no share to keep to. */
export function sharedByAll(total: number): BudgetLimits {
  return { total, share: total };
}

/**
 * So many permits, and a bounded queue for those who find none: first come, first served, but who waits only because of
 * its own share holds up nobody behind it.
 */
export class Semaphore {
  private readonly permits: SharedBudget;
  private readonly places: SharedBudget;
  private readonly queue = new Set<Waiter>();

  constructor(limits: SemaphoreLimits) {
    this.permits = new SharedBudget(limits.permits);
    this.places = new SharedBudget(limits.queue);
  }

  /** Permits that are held. */
  get held(): number {
    return this.permits.used;
  }

  /** A permit, if nobody has to be waited for. */
  tryAcquire(holder?: string): Release | undefined {
    return this.permits.take(holder) === undefined ? this.releaseOf(holder) : undefined;
  }

  /**
   * Resolves when there is a permit, and rejects with the cancellation's reason; what the queue has too little of, at
   * once, where it is full.
   */
  acquire(holder?: string, cancellation?: Cancellation): Promise<Release> | Shortage {
    const release = this.tryAcquire(holder);
    if (release) return Promise.resolve(release);
    return this.places.take(holder) ?? this.wait(holder, cancellation);
  }

  /** As `acquire`, for a limited time; rejects with the refusal where there is no permit by then. */
  async acquireWithin(
    holder: string | undefined,
    { clock, withinMs, refusal, cancellation }: Wait,
  ): Promise<Release> {
    const release = this.tryAcquire(holder);
    if (release) return release;
    const waiting = new Cancellation();
    const permit = this.acquire(holder, waiting);
    if (typeof permit === 'string') throw refusal(permit);
    const cancelTimer = clock.schedule(withinMs, () => {
      waiting.cancel(refusal('total'));
    });
    const stopListening = cancellation?.onCancel((reason) => {
      waiting.cancel(reason);
    });
    try {
      return await permit;
    } finally {
      cancelTimer();
      stopListening?.();
    }
  }

  private wait(holder: string | undefined, cancellation: Cancellation | undefined): Promise<Release> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.queue.delete(waiter);
        this.places.giveBack(holder);
      };
      const waiter: Waiter = {
        holder,
        grant: () => {
          stopListening?.();
          leave();
          resolve(this.releaseOf(holder));
        },
      };
      this.queue.add(waiter);
      const stopListening = cancellation?.onCancel((reason) => {
        leave();
        reject(reason);
      });
    });
  }

  private releaseOf(holder: string | undefined): Release {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.permits.giveBack(holder);
      this.grantNext();
    };
  }

  /** The permit passes on at once, so that nobody can slip in between. */
  private grantNext(): void {
    for (const waiter of this.queue) {
      if (this.permits.take(waiter.holder) !== undefined) continue;
      waiter.grant();
      return;
    }
  }
}

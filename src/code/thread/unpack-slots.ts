import { DomainError } from '../../common/errors/domain-error.js';
import type { Shortage } from '../../common/budgets/shared-budget.js';
import { Semaphore, type Release } from '../../common/concurrency/semaphore.js';
import { Cancellation } from '../../common/time/cancellation.js';
import type { Clock } from '../../common/time/clock.js';

export interface SlotLimits {
  /** Held at the same time. */
  readonly slots: number;
  /** Most of them that one key holds. */
  readonly slotsPerKey: number;
  /** Waiting for one; more are refused at once. */
  readonly queueLength: number;
  /** Most of those that wait that are one key's. */
  readonly queueLengthPerKey: number;
  /** Longest wait for one. */
  readonly queueTimeoutMs: number;
}

/**
 * Lets only so many archives be unpacked at once, and of one key's so many; the others queue, for a limited time.
 * Who waits because of its own key's archives holds up nobody behind it.
 */
export class UnpackSlots {
  private readonly semaphore: Semaphore;

  constructor(
    private readonly limits: SlotLimits,
    private readonly clock: Clock,
  ) {
    this.semaphore = new Semaphore({
      permits: { total: limits.slots, share: limits.slotsPerKey },
      queue: { total: limits.queueLength, share: limits.queueLengthPerKey },
    });
  }

  /**
   * Rejects with `OVERLOADED` when the queue is full or the wait too long, with `RATE_LIMITED` when too many of this key's
   * wait, and with the signal's reason when aborted. Without a key there is no share to keep to.
   */
  async acquire(signal: AbortSignal, keyId: string | undefined): Promise<Release> {
    signal.throwIfAborted();
    const release = this.semaphore.tryAcquire(keyId);
    if (release) return release;
    const cancellation = new Cancellation();
    const permit = this.semaphore.acquire(keyId, cancellation);
    if (typeof permit === 'string') throw this.refusal(permit);
    const giveUp = () => {
      cancellation.cancel(signal.reason as Error);
    };
    const cancelTimer = this.clock.schedule(this.limits.queueTimeoutMs, () => {
      cancellation.cancel(this.refusal('total'));
    });
    signal.addEventListener('abort', giveUp);
    try {
      return await permit;
    } finally {
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
    }
  }

  private refusal(shortage: Shortage): DomainError {
    const details = { retryAfterMs: this.limits.queueTimeoutMs };
    return shortage === 'share'
      ? new DomainError(
          'RATE_LIMITED',
          'Your key has as many deployments waiting to be unpacked as it may; send the next one when one of them has ended.',
          details,
        )
      : new DomainError('OVERLOADED', 'Too many deployments are being unpacked: try again shortly.', details);
  }
}

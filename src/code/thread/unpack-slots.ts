import { DomainError } from '../../common/errors/domain-error.js';
import { SharedBudget, type Shortage } from '../../common/budgets/shared-budget.js';
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

export type ReleaseSlot = () => void;

interface Waiting {
  readonly keyId: string | undefined;
  readonly proceed: () => void;
}

/**
 * Lets only so many archives be unpacked at once, and of one key's so many; the others queue, for a limited time.
 * Who waits because of its own key's archives holds up nobody behind it.
 */
export class UnpackSlots {
  private readonly held: SharedBudget;
  private readonly places: SharedBudget;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly limits: SlotLimits,
    private readonly clock: Clock,
  ) {
    this.held = new SharedBudget({ total: limits.slots, share: limits.slotsPerKey });
    this.places = new SharedBudget({ total: limits.queueLength, share: limits.queueLengthPerKey });
  }

  /**
   * Rejects with `OVERLOADED` when the queue is full or the wait too long, with `RATE_LIMITED` when too many of this key's
   * wait, and with the signal's reason when aborted. Without a key there is no share to keep to.
   */
  async acquire(signal: AbortSignal, keyId: string | undefined): Promise<ReleaseSlot> {
    signal.throwIfAborted();
    if (this.held.take(keyId) !== undefined) await this.turn(signal, keyId);
    let released = false;
    return () => {
      if (!released) this.release(keyId);
      released = true;
    };
  }

  /** Resolves with a slot that is counted as held. */
  private turn(signal: AbortSignal, keyId: string | undefined): Promise<void> {
    const shortage = this.places.take(keyId);
    if (shortage !== undefined) return Promise.reject(this.refusal(shortage));
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancelTimer();
        signal.removeEventListener('abort', giveUp);
        this.waiting.splice(this.waiting.indexOf(place), 1);
        this.places.giveBack(keyId);
      };
      const proceed = () => {
        leave();
        resolve();
      };
      const giveUp = () => {
        leave();
        reject(signal.reason as Error);
      };
      const cancelTimer = this.clock.schedule(this.limits.queueTimeoutMs, () => {
        leave();
        reject(this.refusal('total'));
      });
      const place = { keyId, proceed };
      signal.addEventListener('abort', giveUp);
      this.waiting.push(place);
    });
  }

  /** Hands the slot to the first who may have it. */
  private release(keyId: string | undefined): void {
    this.held.giveBack(keyId);
    const next = this.waiting.find((place) => this.held.take(place.keyId) === undefined);
    next?.proceed();
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

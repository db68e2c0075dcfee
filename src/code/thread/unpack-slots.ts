import { DomainError } from '../../common/errors/domain-error.js';
import type { Clock } from '../../common/time/clock.js';

export interface SlotLimits {
  /** Held at the same time. */
  readonly slots: number;
  /** Waiting for one; more are turned away at once. */
  readonly queueLength: number;
  /** Longest wait for one. */
  readonly queueTimeoutMs: number;
}

export type ReleaseSlot = () => void;

/** Lets only so many archives be unpacked at once; the others wait in turn, for a limited time. */
export class UnpackSlots {
  private held = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limits: SlotLimits,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `OVERLOADED` when the queue is full or the wait too long, and with the signal's reason when aborted. */
  async acquire(signal: AbortSignal): Promise<ReleaseSlot> {
    signal.throwIfAborted();
    if (this.held >= this.limits.slots) await this.turn(signal);
    else this.held += 1;
    let released = false;
    return () => {
      if (!released) this.release();
      released = true;
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= this.limits.queueLength) return Promise.reject(this.overloaded());
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancelTimer();
        signal.removeEventListener('abort', giveUp);
        const place = this.waiting.indexOf(proceed);
        if (place >= 0) this.waiting.splice(place, 1);
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
        reject(this.overloaded());
      });
      signal.addEventListener('abort', giveUp);
      this.waiting.push(proceed);
    });
  }

  /** Hands the slot to the next in the queue, which keeps it counted as held. */
  private release(): void {
    const next = this.waiting[0];
    if (next) next();
    else this.held -= 1;
  }

  private overloaded(): DomainError {
    return new DomainError('OVERLOADED', 'Too many deployments are being unpacked: try again shortly.', {
      retryAfterMs: this.limits.queueTimeoutMs,
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Shortage } from '../../common/budgets/shared-budget.js';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { type Release, Semaphore } from '../../common/concurrency/semaphore.js';
import { DomainError } from '../../common/errors/domain-error.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { buildsSettings, type BuildsSettings } from '../builds.settings.js';

/** When a refused client should try again: many builds take about as long. */
const retryAfterMs = 10_000;

/** Lets so many builds run at once, and so many of one key; others wait for a limited time, and few of them. */
@Injectable()
export class BuildQueue {
  private readonly semaphore: Semaphore;
  private readonly timeoutMs: number;

  constructor(
    private readonly clock: Clock,
    @Inject(buildsSettings.config.KEY) { parallel, waiting, timeoutSeconds }: BuildsSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.semaphore = new Semaphore({
      permits: { total: parallel, share: shareOf(parallel, keyPercent) },
      queue: { total: waiting, share: shareOf(waiting, keyPercent) },
    });
    this.timeoutMs = timeoutSeconds * 1000;
  }

  /** Builds that run. */
  get running(): number {
    return this.semaphore.held;
  }

  /**
   * Resolves when the build may run. Rejects with `RATE_LIMITED` when too many of this key's wait, with `OVERLOADED` when
   * too many do or the wait was too long, and with the cancellation's reason.
   */
  acquire(keyId: string | undefined, cancellation: Cancellation): Promise<Release> {
    const { clock, timeoutMs: withinMs } = this;
    return this.semaphore.acquireWithin(keyId, { clock, withinMs, refusal, cancellation });
  }
}

function refusal(shortage: Shortage): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'Your key has as many builds waiting as it may; deploy again when one of them has ended.',
        { retryAfterMs },
      )
    : new DomainError('OVERLOADED', 'Too many builds are waiting; deploy again shortly.', { retryAfterMs });
}

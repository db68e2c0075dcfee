import { Inject, Injectable } from '@nestjs/common';
import { fairShareSettings, type FairShareSettings, shareOf } from '../common/budgets/fair-share.settings.js';
import { type Shortage, SharedBudget } from '../common/budgets/shared-budget.js';
import { Semaphore } from '../common/concurrency/semaphore.js';
import { DomainError } from '../common/errors/domain-error.js';
import { Clock } from '../common/time/clock.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';

/** When a refused client should try again, in milliseconds. */
const retryAfterMs = 1000;

/** Whose turn it is where there are no keys. */
const everybody = '';

/**
 * Lets requests read from the store, which serves one after the other. Each key has one read at a time there, so a new
 * reader waits for one read of every other key at most, however many requests those send.
 */
@Injectable()
export class ReadQueue {
  private readonly requests: SharedBudget;
  private readonly turns: Semaphore;
  private readonly timeoutMs: number;

  constructor(
    private readonly clock: Clock,
    @Inject(recordsSettings.config.KEY) { parallelReads, followers, readTimeoutMs }: RecordsSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.requests = new SharedBudget({ total: parallelReads, share: shareOf(parallelReads, keyPercent) });
    // Nobody is refused a turn: requests are limited above, followers by the feed.
    const total = parallelReads + followers;
    this.turns = new Semaphore({ permits: { total, share: 1 }, queue: { total, share: total } });
    this.timeoutMs = readTimeoutMs;
  }

  /**
   * Settles as `read` does. Rejects with `RATE_LIMITED` when too many requests with this key read or wait, and with
   * `OVERLOADED` when too many of all do, or the wait was too long; then nothing was read.
   */
  async request<T>(keyId: string | undefined, read: () => Promise<T>): Promise<T> {
    const shortage = this.requests.take(keyId);
    if (shortage !== undefined) throw refusal(shortage);
    try {
      return await this.inTurn(keyId, read);
    } finally {
      this.requests.giveBack(keyId);
    }
  }

  /** As `request`, for a client that follows a log and so has a place already. */
  async inTurn<T>(keyId: string | undefined, read: () => Promise<T>): Promise<T> {
    const { clock, timeoutMs: withinMs } = this;
    const release = await this.turns.acquireWithin(keyId ?? everybody, { clock, withinMs, refusal });
    try {
      return await read();
    } finally {
      release();
    }
  }
}

function refusal(shortage: Shortage): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'Your key has as many requests for lines and records of calls in progress as it may; send this one again when another has ended.',
        { retryAfterMs },
      )
    : new DomainError(
        'OVERLOADED',
        'Too many requests for lines and records of calls are in progress; send this one again shortly.',
        { retryAfterMs },
      );
}

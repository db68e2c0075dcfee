import { Inject, Injectable } from '@nestjs/common';
import type { AccessLoss } from '../../common/auth/standing-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { SharedBudget, type Shortage } from '../../common/budgets/shared-budget.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import { recordsSettings, type RecordsSettings } from '../records.settings.js';
import type { LogLine } from '../store/record-store.js';

/** Why nothing more will come. */
export type FeedEnd = 'deleted' | 'shutdown' | 'time-limit' | AccessLoss;

/** Both are called at once, a flood of lines also: they must not wait, nor throw. */
export interface FeedListener {
  line(line: LogLine): void;
  end(reason: FeedEnd): void;
}

/** Hands each line to those who follow its function, as it is printed. */
@Injectable()
export class LogFeed {
  private readonly listeners = new Map<string, Set<FeedListener>>();
  private readonly followers: SharedBudget;
  private isClosed = false;

  constructor(
    @Inject(recordsSettings.config.KEY) { followers: total }: RecordsSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.followers = new SharedBudget({ total, share: shareOf(total, keyPercent) });
  }

  /**
   * Throws `OVERLOADED` when too many follow already, `RATE_LIMITED` when too many with this key do, and `DRAINING` when
   * the server stops. Gives what ends it, which may be called again.
   */
  subscribe(functionId: string, keyId: string | undefined, listener: FeedListener): () => void {
    if (this.isClosed) {
      throw new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
        retryAfterMs: 5000,
      });
    }
    const shortage = this.followers.take(keyId);
    if (shortage !== undefined) throw tooMany(shortage);
    const following = this.listeners.get(functionId) ?? new Set();
    this.listeners.set(functionId, following.add(listener));
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.followers.giveBack(keyId);
      if (following.delete(listener) && following.size === 0) this.listeners.delete(functionId);
    };
  }

  publish(line: LogLine): void {
    const following = this.listeners.get(line.function.id);
    if (!following) return;
    for (const listener of following) listener.line(line);
  }

  /** The function is deleted. */
  deleted(functionId: string): void {
    this.end(functionId, 'deleted');
  }

  /** Before connections are waited for: these would never end by themselves. */
  close(): void {
    this.isClosed = true;
    for (const functionId of [...this.listeners.keys()]) this.end(functionId, 'shutdown');
  }

  private end(functionId: string, reason: FeedEnd): void {
    const following = this.listeners.get(functionId);
    if (!following) return;
    this.listeners.delete(functionId);
    const ended = [...following];
    following.clear();
    for (const listener of ended) listener.end(reason);
  }
}

function tooMany(shortage: Shortage): DomainError {
  const details = { retryAfterMs: 5000 };
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'As many logs are followed with your key as may be; end one, or ask without follow.',
        details,
      )
    : new DomainError(
        'OVERLOADED',
        'As many clients follow logs as may; ask without follow, or try again later.',
        details,
      );
}

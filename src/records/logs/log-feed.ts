import { Inject, Injectable } from '@nestjs/common';
import type { AccessLoss } from '../../common/auth/standing-access.js';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { SharedBudget, type Shortage } from '../../common/budgets/shared-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { type CancelTimer, Clock } from '../../common/time/clock.js';
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
        'Your key follows as many logs as it may; end one, or ask without follow.',
        details,
      )
    : new DomainError(
        'OVERLOADED',
        'As many clients follow logs as the server allows; ask without follow, or try again later.',
        details,
      );
}

/** Lines that all clients which follow logs are sent together in one interval: some hundredths of the server's time. */
const intervalMs = 50;
const linesPerInterval = 500;

/** Somebody for whom lines wait. */
export interface Paced {
  readonly isWaiting: boolean;
  /** Sends as many as wait, at most so many. */
  sendWaiting(lines: number): void;
}

/**
 * How fast lines go out. A line costs the server as much for each client that follows it as it cost to keep, so all of
 * them together are sent so many in an interval, at once as long as there are few; what is more waits, and clients are
 * served round robin.
 */
@Injectable()
export class FollowPace {
  private left = linesPerInterval;
  private startedMs = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Set<Paced>();
  private cancelTimer: CancelTimer | undefined;

  constructor(private readonly clock: Clock) {}

  /** Whether a line may go now. */
  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.startedMs >= intervalMs) {
      this.startedMs = nowMs;
      this.left = linesPerInterval;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }

  /** It is served before long. */
  wait(follower: Paced): void {
    this.waiting.add(follower);
    this.cancelTimer ??= this.clock.schedule(intervalMs, () => {
      this.serve();
    });
  }

  leave(follower: Paced): void {
    this.waiting.delete(follower);
    if (this.waiting.size > 0) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private serve(): void {
    this.cancelTimer = undefined;
    this.startedMs = this.clock.monotonicMs();
    const served = [...this.waiting].slice(0, linesPerInterval);
    const each = Math.floor(linesPerInterval / Math.max(1, served.length));
    this.left = linesPerInterval - each * served.length;
    for (const follower of served) {
      this.waiting.delete(follower);
      follower.sendWaiting(each);
      // Behind those that were not served.
      if (follower.isWaiting) this.wait(follower);
    }
  }
}

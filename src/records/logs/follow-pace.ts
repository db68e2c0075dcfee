import { Injectable } from '@nestjs/common';
import { Clock, type CancelTimer } from '../../common/time/clock.js';

/** Lines that all clients which follow logs are sent together in one turn: some hundredths of the server's time. */
const turnMs = 50;
const linesPerTurn = 500;

/** Somebody for whom lines wait. */
export interface Paced {
  readonly isWaiting: boolean;
  /** Sends as many as wait, at most so many. */
  sendWaiting(lines: number): void;
}

/**
 * How fast lines go out. A line costs the server as much for each client that follows it as it cost to keep, so all of
 * them together are sent so many in a turn, at once as long as there are few; what is more waits, and each client is
 * served in its turn.
 */
@Injectable()
export class FollowPace {
  private left = linesPerTurn;
  private begunMs = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Set<Paced>();
  private cancelTimer: CancelTimer | undefined;

  constructor(private readonly clock: Clock) {}

  /** Whether a line may go now. */
  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.begunMs >= turnMs) {
      this.begunMs = nowMs;
      this.left = linesPerTurn;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }

  /** Its turn comes. */
  wait(follower: Paced): void {
    this.waiting.add(follower);
    this.cancelTimer ??= this.clock.schedule(turnMs, () => {
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
    this.begunMs = this.clock.monotonicMs();
    const turns = [...this.waiting].slice(0, linesPerTurn);
    const each = Math.floor(linesPerTurn / Math.max(1, turns.length));
    this.left = linesPerTurn - each * turns.length;
    for (const follower of turns) {
      this.waiting.delete(follower);
      follower.sendWaiting(each);
      // Behind those whose turn did not come.
      if (follower.isWaiting) this.wait(follower);
    }
  }
}

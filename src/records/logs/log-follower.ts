import type { StreamShare } from '../../common/budgets/send-budget.js';
import { budgetBytesOf, type LogLine } from '../store/record-store.js';
import type { FeedEnd, FeedListener, FollowPace, Paced } from './log-feed.js';
import type { LogStream } from './log-stream.js';

export interface FollowerLimits {
  readonly pace: FollowPace;
  /** What waits counts there, too. */
  readonly sendShare: StreamShare;
  readonly bytes: number;
}

/**
 * One client that follows a log. Lines that come while the kept ones are still being sent, or faster than all clients
 * are sent lines, wait; whatever waits for this client stays within its limit, and lines beyond it are
 * counted instead of sent.
 */
export class LogFollower implements FeedListener, Paced {
  private waiting: LogLine[] = [];
  private waitingBytes = 0;
  /** Came after those that wait; none is taken again before the client knows. */
  private dropped = 0;
  private isLive = false;
  private ended: FeedEnd | undefined;

  constructor(
    private readonly stream: LogStream,
    private readonly wants: (line: LogLine) => boolean,
    private readonly limits: FollowerLimits,
  ) {
    stream.onDrained(() => {
      if (this.isLive) this.tellDropped();
      limits.sendShare.resize(this.waitingBytes);
    });
    stream.onClosed(() => {
      limits.pace.leave(this);
      this.waiting = [];
      limits.sendShare.close();
    });
  }

  get isWaiting(): boolean {
    return this.waiting.length > 0 || (this.dropped > 0 && this.hasRoom());
  }

  line(line: LogLine): void {
    if (this.ended !== undefined || !this.stream.isOpen || !this.wants(line)) return;
    if (this.isLive && this.waiting.length === 0 && this.hasRoom() && this.limits.pace.take()) {
      this.tellDropped();
      this.sendKept(line);
    } else this.hold(line);
  }

  end(reason: FeedEnd): void {
    this.ended = reason;
    // The kept lines are still being sent; `goLive` ends it after them.
    if (!this.isLive) return;
    this.sendWaiting(this.waiting.length);
    this.tellDropped();
    this.stream.end(reason);
  }

  /** At once, whatever waits: it is not for this client any more. */
  cut(reason: FeedEnd): void {
    this.ended = reason;
    this.waiting = [];
    this.waitingBytes = 0;
    this.stream.end(reason);
  }

  /** A line that was kept; the caller sees to it that the client keeps up. */
  sendKept(line: LogLine): void {
    this.stream.lines([line]);
  }

  /** From now on lines are sent as they come; of those that came meanwhile, the ones after the last that was kept. */
  goLive(lastKept: number): void {
    if (!this.stream.isOpen) return;
    this.isLive = true;
    this.waiting = this.waiting.filter(({ sequence }) => sequence > lastKept);
    this.waitingBytes = this.waiting.reduce((sum, line) => sum + budgetBytesOf(line), 0);
    this.sendWaiting(this.waiting.length);
    if (this.ended !== undefined) this.end(this.ended);
  }

  sendWaiting(lines: number): void {
    const sent = this.waiting.splice(0, lines);
    for (const line of sent) this.waitingBytes -= budgetBytesOf(line);
    if (sent.length > 0) this.stream.lines(sent);
    this.tellDropped();
    this.limits.sendShare.resize(this.allBytes);
  }

  heartbeat(): void {
    if (this.stream.waitingBytes === 0) this.stream.heartbeat();
  }

  private get allBytes(): number {
    return this.stream.waitingBytes + this.waitingBytes;
  }

  /** Where nothing waits in the stream, all that has been sent has left. */
  private hasRoom(): boolean {
    const { waitingBytes } = this.stream;
    return (
      waitingBytes === 0 || (waitingBytes < this.limits.bytes && this.limits.sendShare.resize(this.allBytes))
    );
  }

  private hold(line: LogLine): void {
    const bytes = budgetBytesOf(line);
    const allBytes = this.allBytes + bytes;
    if (this.dropped > 0 || allBytes > this.limits.bytes || !this.limits.sendShare.resize(allBytes)) {
      this.dropped += 1;
    } else {
      this.waiting.push(line);
      this.waitingBytes += bytes;
    }
    if (this.isLive && this.isWaiting) this.limits.pace.wait(this);
  }

  private tellDropped(): void {
    if (this.dropped === 0 || this.waiting.length > 0 || !this.hasRoom()) return;
    this.stream.dropped(this.dropped);
    this.dropped = 0;
  }
}

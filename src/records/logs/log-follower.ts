import { budgetBytesOf, type LogLine } from '../store/record-store.js';
import type { FeedEnd, FeedListener } from './log-feed.js';
import type { LogStream } from './log-stream.js';

/**
 * One client that follows a log. Lines that come while the kept ones are still being sent wait their turn; whatever
 * waits for this client stays within its limit, and lines beyond it are counted instead of sent.
 */
export class LogFollower implements FeedListener {
  /** Undefined once the kept lines have been sent. */
  private held: LogLine[] | undefined = [];
  private heldBytes = 0;
  private dropped = 0;
  private ended: FeedEnd | undefined;

  constructor(
    private readonly stream: LogStream,
    private readonly wants: (line: LogLine) => boolean,
    private readonly limitBytes: number,
  ) {
    stream.onDrained(() => {
      this.tellDropped();
    });
  }

  line(line: LogLine): void {
    if (!this.wants(line)) return;
    if (this.held) this.hold(line, this.held);
    else this.sendNew(line);
  }

  end(reason: FeedEnd): void {
    this.ended = reason;
    // The kept lines are still being sent; `goLive` ends it after them.
    if (this.held) return;
    this.tellDropped();
    this.stream.end(reason);
  }

  /** A line that was kept; the caller sees to it that the client keeps up. */
  sendKept(line: LogLine): void {
    this.stream.line(line);
  }

  /** From now on lines are sent as they come; of those that came meanwhile, the ones after the last that was kept. */
  goLive(lastKept: number): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const line of held) if (line.sequence > lastKept) this.sendNew(line);
    if (this.ended) this.end(this.ended);
  }

  heartbeat(): void {
    if (this.stream.waitingBytes === 0) this.stream.heartbeat();
  }

  private hold(line: LogLine, held: LogLine[]): void {
    const bytes = budgetBytesOf(line);
    if (this.heldBytes + bytes > this.limitBytes) {
      this.dropped += 1;
      return;
    }
    this.heldBytes += bytes;
    held.push(line);
  }

  private sendNew(line: LogLine): void {
    if (this.stream.waitingBytes >= this.limitBytes) {
      this.dropped += 1;
      return;
    }
    this.tellDropped();
    this.sendKept(line);
  }

  private tellDropped(): void {
    if (this.dropped === 0 || this.held) return;
    this.stream.dropped(this.dropped);
    this.dropped = 0;
  }
}

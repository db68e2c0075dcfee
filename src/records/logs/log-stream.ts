import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { becomeLastAnswer } from '../../common/connection/last-answer.js';
import type { LogLine } from '../store/record-store.js';
import type { FeedEnd } from './log-feed.js';
import type { LogFormat } from './log-format.js';

/** An answer that goes on as long as its client follows. */
export class LogStream {
  constructor(
    private readonly response: ServerResponse,
    private readonly format: LogFormat,
  ) {}

  open(): void {
    becomeLastAnswer(this.response);
    this.response.statusCode = 200;
    this.response.setHeader('Content-Type', this.format.contentType);
    this.response.setHeader('Cache-Control', 'no-store');
    // A proxy that gathers an answer before it passes it on would make this one useless.
    this.response.setHeader('X-Accel-Buffering', 'no');
    this.response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.response.writableEnded && !this.response.destroyed;
  }

  /** Bytes that the client has not taken yet. */
  get waitingBytes(): number {
    return this.response.writableLength;
  }

  /** In one piece, which costs less than each by itself. */
  lines(lines: readonly LogLine[]): void {
    this.write(lines.map((line) => this.format.line(line)).join(''));
  }

  dropped(lines: number): void {
    this.write(this.format.dropped(lines));
  }

  heartbeat(): void {
    if (this.format.heartbeat !== '') this.write(this.format.heartbeat);
  }

  /** Resolves when the client has taken what was sent, or is gone. */
  async drained(): Promise<void> {
    if (!this.isOpen || !this.response.writableNeedDrain) return;
    const controller = new AbortController();
    const { signal } = controller;
    const either = [once(this.response, 'drain', { signal }), once(this.response, 'close', { signal })];
    await Promise.race(either).finally(() => {
      controller.abort();
      // The one that lost is told of the abort, and nobody waits for it.
      void Promise.allSettled(either);
    });
  }

  onDrained(listener: () => void): void {
    this.response.on('drain', listener);
  }

  /** Also when the client has left. */
  onClosed(listener: () => void): void {
    this.response.once('close', listener);
  }

  end(reason: FeedEnd): void {
    this.write(this.format.end(reason));
    if (this.isOpen) this.response.end();
  }

  private write(text: string): void {
    if (this.isOpen) this.response.write(text);
  }
}

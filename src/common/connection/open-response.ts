import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { becomeLastResponse } from './last-response.js';

/** An answer that goes on as long as its client follows. */
export class OpenResponse {
  constructor(
    private readonly response: ServerResponse,
    private readonly contentType: string,
  ) {}

  open(): void {
    becomeLastResponse(this.response);
    this.response.statusCode = 200;
    this.response.setHeader('Content-Type', this.contentType);
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

  write(text: string): void {
    if (this.isOpen) this.response.write(text);
  }

  /** Nothing more will come. */
  close(): void {
    if (this.isOpen) this.response.end();
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
}

import type { OutputListener, OutputStream } from './engine/container-engine.js';
import { OutputTail } from './output-tail.js';

/** Keeps the ends of what a container prints and passes everything on. Never holds it back: a full pipe would stall. */
export class PrintedOutput {
  readonly tail: OutputTail;
  private readonly listeners: OutputListener[] = [];

  constructor(limitBytes: number) {
    this.tail = new OutputTail(limitBytes);
  }

  accept(stream: OutputStream, bytes: Buffer): void {
    this.tail.append(bytes);
    for (const listener of this.listeners) listener(stream, bytes);
  }

  /** A process can print before anybody listens, so what was kept of that is given first, as stdout. */
  listen(listener: OutputListener): void {
    if (this.tail.totalBytes > 0) listener('stdout', Buffer.from(this.tail.text()));
    this.listeners.push(listener);
  }
}

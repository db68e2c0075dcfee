import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { InvocationUsage, PrintedLine } from './printed-line.js';

export type PrintedListener = (line: PrintedLine) => void;
export type UsedListener = (invocationId: string, usage: InvocationUsage) => void;

/**
 * Tells the modules above what functions print and what their calls used, so that this one need not know them.
 * Listeners are called at once, a flood of lines also: they take microseconds, never wait, and what they throw is
 * logged and reaches nobody else.
 */
@Injectable()
export class SandboxEvents {
  private readonly printedListeners: PrintedListener[] = [];
  private readonly usedListeners: UsedListener[] = [];

  constructor(private readonly log: Log) {}

  onPrinted(listener: PrintedListener): void {
    this.printedListeners.push(listener);
  }

  /** Not every call is measured; one that is has ended by then. */
  onUsed(listener: UsedListener): void {
    this.usedListeners.push(listener);
  }

  printed(line: PrintedLine): void {
    for (const listener of this.printedListeners) {
      try {
        listener(line);
      } catch (error) {
        this.failed(error);
      }
    }
  }

  used(invocationId: string, usage: InvocationUsage): void {
    for (const listener of this.usedListeners) {
      try {
        listener(invocationId, usage);
      } catch (error) {
        this.failed(error);
      }
    }
  }

  private failed(error: unknown): void {
    this.log.error({ err: error }, 'a listener to sandbox events failed');
  }
}

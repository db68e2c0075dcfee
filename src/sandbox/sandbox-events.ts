import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import type { DeployedFunction } from '../functions/function.js';
import { type LogLevel, logLevels } from '../ipc/protocol/messages.js';

/** The function that printed or was called, as it was at that moment. */
export interface RecordedFunction {
  readonly id: string;
  readonly name: string;
  /** Number of the version whose code ran. */
  readonly version: number;
  /** Of version, settings and secrets together. */
  readonly revision: number;
}

export function recordedAs({ id, name, version, revision }: DeployedFunction): RecordedFunction {
  return { id, name, version: version.number, revision };
}

export { logLevels as lineLevels };
export type LineLevel = LogLevel;

/** `load`: before the first call. `call`: during a call, or after it until the next one. `idle`: between two calls. */
export const linePhases = ['load', 'call', 'idle'] as const;
export type LinePhase = (typeof linePhases)[number];

/** `runtime` is what the server itself says about a function; nothing a container sends is ever taken for that. */
export const lineStreams = ['stdout', 'stderr', 'runtime'] as const;
export type LineStream = (typeof lineStreams)[number];

/** One line of a function's log. Unless `stream` is `runtime`, the function wrote the text and may pretend anything. */
export interface PrintedLine {
  readonly function: RecordedFunction;
  /** Null outside calls. */
  readonly invocationId: string | null;
  /** Wall clock, milliseconds since the epoch. */
  readonly atMs: number;
  readonly phase: LinePhase;
  readonly stream: LineStream;
  readonly level: LineLevel;
  /** Without its line feed; invalid UTF-8 is replaced. */
  readonly text: string;
  /** The line was longer than a line may be; its end was not kept. */
  readonly isCut: boolean;
  /** Bytes printed before this line that were dropped because the call printed too much. */
  readonly droppedBytes: number;
}

/** What a call used, as the kernel counted for its container; null for what it did not count. */
export interface InvocationUsage {
  /** The most memory that the container has held since its start, in bytes. */
  readonly memoryPeakBytes: number | null;
  /** CPU time from the start of the call to its end, in milliseconds. */
  readonly cpuTimeMs: number | null;
}

export type PrintedListener = (line: PrintedLine) => void;
export type UsedListener = (invocationId: string, usage: InvocationUsage) => void;

/**
 * Tells the modules above what functions print and what their calls use, so that this module need not know them.
 * Listeners are called at once, even for a flood of lines: they take microseconds and never wait. What they throw is
 * logged and affects nobody else.
 */
@Injectable()
export class SandboxEvents {
  private readonly printedListeners: PrintedListener[] = [];
  private readonly usedListeners: UsedListener[] = [];

  constructor(private readonly log: Log) {}

  onPrinted(listener: PrintedListener): void {
    this.printedListeners.push(listener);
  }

  /** Called after a call has ended; not every call is measured. */
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

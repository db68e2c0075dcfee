import { logLevels, type LogLevel } from '../ipc/protocol/messages.js';

/** The function that printed or was called, as it was at that moment. */
export interface RecordedFunction {
  readonly id: string;
  readonly name: string;
  /** Number of the version whose code ran. */
  readonly version: number;
  /** Of version, settings and secrets together. */
  readonly revision: number;
}

export { logLevels as lineLevels };
export type LineLevel = LogLevel;

/** `load`: before the first call. `call`: during a call, or after it until the next one. `idle`: between two calls. */
export const linePhases = ['load', 'call', 'idle'] as const;
export type LinePhase = (typeof linePhases)[number];

/** `runtime` is what the server itself says of a function; nothing that a container sends is ever taken for that. */
export const lineStreams = ['stdout', 'stderr', 'runtime'] as const;
export type LineStream = (typeof lineStreams)[number];

/** One line of a function's log. Its text is the function's, unless `stream` says otherwise: it may pretend anything. */
export interface PrintedLine {
  readonly function: RecordedFunction;
  /** Null outside calls. */
  readonly invocationId: string | null;
  /** Wall clock, milliseconds since the epoch. */
  readonly atMs: number;
  readonly phase: LinePhase;
  readonly stream: LineStream;
  readonly level: LineLevel;
  /** Without its line feed; what was no UTF-8 is replaced. */
  readonly text: string;
  /** The line was longer than a line may be; its end was not kept. */
  readonly isCut: boolean;
  /** Bytes printed before this line that were not kept, because the call printed too much. */
  readonly droppedBytes: number;
}

/** What a call used, by its container's own accounts; null for what those cannot tell. */
export interface InvocationUsage {
  /** The most memory that the container has held since its start, in bytes. */
  readonly memoryPeakBytes: number | null;
  /** CPU time from the call's begin to its end, in milliseconds. */
  readonly cpuTimeMs: number | null;
}

import type { InvocationUsage, LineLevel, PrintedLine } from '../../sandbox/sandbox-events.js';
import type { EndedInvocation, InvocationOutcome } from './ended-invocation.js';

export interface LogLine extends PrintedLine {
  /** Grows from line to line, over all functions; never used again. */
  readonly sequence: number;
}

export interface InvocationRecord extends EndedInvocation {
  readonly usage: InvocationUsage;
}

/** What was taken down since the last time. */
export interface RecordBatch {
  /** In the order of their numbers. */
  readonly lines: readonly LogLine[];
  /** In the order in which the calls ended. */
  readonly invocations: readonly InvocationRecord[];
  /** Of calls that an earlier batch told of. */
  readonly usages: readonly (readonly [invocationId: string, usage: InvocationUsage])[];
}

/** Which lines; what is left out restricts nothing. */
export interface LineQuery {
  readonly functionId: string;
  readonly invocationId?: string;
  /** Any of these. */
  readonly levels?: readonly LineLevel[];
  /** Lines with this in their text, literally. */
  readonly contains?: string;
  /** Wall clock, milliseconds since the epoch; `since` includes its moment, `until` does not. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Lines with a greater number, the oldest of them; without it the newest lines there are. */
  readonly after?: number;
  /** Lines with a smaller number. */
  readonly before?: number;
  readonly limit: number;
}

/** Some of the lines that were asked for, in the order of their numbers. */
export interface LinePage {
  readonly lines: readonly LogLine[];
  /**
   * Where to go on, as the query's `after` where it had one, else as its `before`; null when there is nothing more. A
   * page may hold fewer lines than asked for, even none, because only so many lines are looked at for one.
   */
  readonly next: number | null;
}

/** Lines that are looked at for one page, at most: a filter that none of them passes must not hold up others. */
export const scannedLines = 50_000;

export interface InvocationQuery {
  /** Of any of these. */
  readonly functionIds?: readonly string[];
  readonly outcome?: InvocationOutcome;
  readonly limit: number;
}

/** How much is kept, the oldest goes first, and how much is looked at at once. */
export interface RecordBudget {
  readonly logBytesPerFunction: number;
  readonly logBytes: number;
  readonly invocationsPerFunction: number;
  readonly invocations: number;
  /** Most lines that one query looks at. */
  readonly scannedLines: number;
}

/** A line costs room beside its text, so that empty lines are not free. */
const bytesBesideText = 256;

/** What a line counts in the budget, in bytes. */
export function budgetBytesOf(line: PrintedLine): number {
  return Buffer.byteLength(line.text) + bytesBesideText;
}

/**
 * Where lines and records of calls are kept, within a budget. Their loss loses no function, so a write need not be on
 * the disk when it resolves, but survives the end of the process. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`,
 * `INSUFFICIENT_STORAGE`, `OVERLOADED`. `test/contract/record-store.contract.ts` is the specification.
 */
export abstract class RecordStore {
  /** All of the batch is kept, or nothing of it; then as much of the oldest goes as the budget asks for. */
  abstract write(batch: RecordBatch): Promise<void>;
  abstract lines(query: LineQuery): Promise<LinePage>;
  abstract invocation(id: string): Promise<InvocationRecord | undefined>;
  /** The last that ended, the newest first. */
  abstract invocations(query: InvocationQuery): Promise<InvocationRecord[]>;
  /** Everything of the function goes. */
  abstract forget(functionId: string): Promise<void>;
  /** Everything of functions that are not among these goes. */
  abstract retain(functionIds: readonly string[]): Promise<void>;
  /** The greatest number of a line; 0 where there is none. */
  abstract newestSequence(): Promise<number>;
  abstract close(): Promise<void>;
}

import type { Fault } from '../../common/errors/error-codes.js';
import type { EventTrigger } from '../../invocation/trigger.js';
import type { FailureCause } from '../../ipc/protocol/messages.js';
import type {
  InvocationUsage,
  LineLevel,
  PrintedLine,
  RecordedFunction,
} from '../../sandbox/sandbox-events.js';

export interface LogLine extends PrintedLine {
  /** Grows from line to line, over all functions; never used again. */
  readonly sequence: number;
}

export interface InvocationRecord extends EndedInvocation {
  readonly usage: InvocationUsage;
}

/** What came since the last batch. */
export interface RecordBatch {
  /** In the order of their numbers. */
  readonly lines: readonly LogLine[];
  /** In the order in which the calls ended. */
  readonly invocations: readonly InvocationRecord[];
  /** Of calls whose records were in an earlier batch. */
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
  readonly version?: number;
  /** When the call began: wall clock, milliseconds since the epoch; `since` includes its moment, `until` does not. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
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

/** Whose fault it was that a call failed, or `success`. A handler that answers 500 has answered: `success`. */
export const invocationOutcomes = ['success', 'caller', 'function', 'platform'] as const satisfies readonly (
  'success' | Fault
)[];
export type InvocationOutcome = (typeof invocationOutcomes)[number];

/** Why a call has no answer of its function. */
export interface InvocationFailure {
  /** Of the closed list of errors. */
  readonly code: string;
  readonly message: string;
  /** What the function threw, where it threw. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** Paths inside the container only. */
  readonly stack: string | null;
  /** What it was caused by, each followed by its own causes; records of earlier servers have none. */
  readonly causes?: readonly FailureCause[];
}

/** Where a call's time went, in milliseconds; null for what it did not reach. */
interface InvocationPhases {
  readonly queueMs: number | null;
  readonly containerMs: number | null;
  readonly handlerMs: number | null;
  readonly totalMs: number;
}

/** One call that named a function, once it has ended. */
export interface EndedInvocation {
  readonly id: string;
  readonly function: RecordedFunction;
  /** Wall clock, milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly outcome: InvocationOutcome;
  /** The handler's own; null where it gave none. */
  readonly statusCode: number | null;
  readonly failure: InvocationFailure | null;
  readonly phases: InvocationPhases;
  /** How the call came by its container; null where it got none. */
  readonly origin: string | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** The caller's `traceparent` header, where it is well-formed. */
  readonly traceparent: string | null;
  /** None where a request made it, which is what most records are: one property more costs each call. */
  readonly trigger?: EventTrigger;
}

import type { Fault } from '../../common/errors/error-codes.js';
import type { FailureCause } from '../../ipc/protocol/messages.js';
import type { RecordedFunction } from '../../sandbox/sandbox-events.js';

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
export interface InvocationPhases {
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
}

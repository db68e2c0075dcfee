import type { FunctionName } from '../functions/function-name.js';
import type { HttpPresentation } from '../ipc/protocol/messages.js';

/**
 * `queued`: waits for its first attempt, or for another after a fault of the platform. `running`: an attempt is under way.
 * `failed`: an attempt failed through the function's fault, and another will be made. `succeeded` and `dead` are ends; a dead
 * event can be queued again.
 */
export const eventStates = ['queued', 'running', 'failed', 'succeeded', 'dead'] as const;
export type EventState = (typeof eventStates)[number];

/** Names an event; a UUID of version 7 (RFC 9562), so that ids sort by time. */
export type EventId = string;

/** What made an event. */
export type EventSource =
  | { readonly kind: 'http' }
  | { readonly kind: 'schedule'; readonly schedule: string; readonly dueMs: number; readonly manual: boolean }
  | { readonly kind: 'event'; readonly eventId: EventId; readonly outcome: 'success' | 'failure' };

/** The whole request that the handler gets with each attempt, as the trigger would have presented it. */
export interface EventRequest {
  readonly presentation: HttpPresentation;
  readonly body: Uint8Array;
  /** The trace of whoever sent it; each attempt is a span of its own in it. */
  readonly traceparent: string | null;
}

/** An event that has been accepted, and is not yet on the disk. Times are wall clock, milliseconds since the epoch. */
export interface NewEvent {
  readonly id: EventId;
  readonly functionId: string;
  readonly functionName: FunctionName;
  readonly request: EventRequest;
  readonly source: EventSource;
  /** Whose share its attempts use (`shareHolderOf`): the key of who sent it, or all strangers; null on a server without keys. */
  readonly keyId: string | null;
  readonly acceptedAtMs: number;
  /** After this nothing is tried any more. */
  readonly expiresAtMs: number;
  /** Events of one key of one function run one after another, in the order of their arrival. */
  readonly orderingKey: string | null;
  /** How many events this one follows from, by `onSuccess` and `onFailure`. */
  readonly depth: number;
}

/** The outcome of one attempt: `success`, or whose fault it was that there was none. */
export const attemptOutcomes = ['success', 'function', 'platform', 'caller'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export interface Attempt {
  readonly invocationId: string;
  readonly startedAtMs: number;
  /** Null while it runs, and of one whose server ended. */
  readonly endedAtMs: number | null;
  /** Null while it runs. */
  readonly outcome: AttemptOutcome | null;
  /** The code of the error (`FUNCTION_ERROR`), or `HTTP_503` of a handler that answered so; null of a success. */
  readonly code: string | null;
  /** The sentence of the error, at most 1,024 characters; null where there is none. */
  readonly message: string | null;
}

/** What the handler answered. */
export interface EventResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Null where it was larger than is kept. */
  readonly body: Uint8Array | null;
  readonly bodyBytes: number;
}

/** Why a follow-up of `onSuccess` or `onFailure` was not made, or the event that it is. */
export interface FollowUp {
  readonly functionName: string;
  readonly eventId: EventId | null;
  /** A sentence; null where there is an event. */
  readonly refusal: string | null;
}

/** An event as it is known now. */
export interface EventRecord {
  readonly id: EventId;
  readonly functionId: string;
  readonly functionName: FunctionName;
  readonly state: EventState;
  readonly source: EventSource;
  readonly keyId: string | null;
  readonly orderingKey: string | null;
  readonly depth: number;
  readonly method: string;
  /** Path and query below the function's own address. */
  readonly path: string;
  readonly requestBytes: number;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  /** When it ended; null while it has not. */
  readonly endedAtMs: number | null;
  /** When the next attempt is due; null while one runs, after the end, and while another of its ordering key comes first. */
  readonly nextAttemptAtMs: number | null;
  /** Attempts that failed through the function's fault. */
  readonly countedAttempts: number;
  /** The last of all attempts, oldest first: at most `keptAttempts`. */
  readonly attempts: readonly Attempt[];
  /** All attempts there were. */
  readonly attemptCount: number;
  readonly followUp: FollowUp | null;
}

/** Attempts of one event that are kept; platform faults may make many. */
export const keptAttempts = 20;

import { DomainError } from '../../common/errors/domain-error.js';
import { type InvocationResult, isFailure } from '../../invocation/invocation.js';
import type { Attempt, AttemptOutcome, EventResult } from '../event.js';

/** How one attempt ended. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly code: string | null;
  readonly message: string | null;
  /** What the handler answered, where it did. */
  readonly result: EventResult | null;
  /** When trying again can help, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number;
}

/** The body of an answer, as far as it is kept. */
export interface KeptBody {
  /** Null where it was larger than is kept. */
  readonly body: Uint8Array | null;
  readonly bodyBytes: number;
}

const longestMessage = 1024;

const firstFailingStatus = 500;

/** A handler that answers with 5xx says that it failed; with anything else, that the event has been dealt with. */
export function endOf(invoked: InvocationResult, kept: KeptBody): AttemptEnd {
  if (isFailure(invoked)) return failureEnd(invoked.error, invoked.fault);
  const status = invoked.head?.statusCode ?? 200;
  const result = { status, headers: invoked.head?.headers ?? {}, ...kept };
  if (status < firstFailingStatus)
    return { outcome: 'success', code: null, message: null, result, retryAfterMs: 0 };
  const message = `The handler answered with the status ${status}.`;
  return { outcome: 'function', code: `HTTP_${status}`, message, result, retryAfterMs: 0 };
}

/** The end of an attempt that was not even begun, because the event is too old. */
export const tooOld: AttemptEnd = {
  outcome: 'platform',
  code: 'DEADLINE_EXCEEDED',
  message: 'The event became older than retry.maxAgeSeconds allows before it could run.',
  result: null,
  retryAfterMs: 0,
};

function failureEnd(error: Error, fault: Exclude<AttemptOutcome, 'success'>): AttemptEnd {
  if (!(error instanceof DomainError)) {
    const message = 'Something unexpected went wrong in the server; its log says what.';
    return { outcome: fault, code: 'INTERNAL', message, result: null, retryAfterMs: 0 };
  }
  const { code, details } = error;
  const message = error.message.slice(0, longestMessage);
  return { outcome: fault, code, message, result: null, retryAfterMs: details.retryAfterMs ?? 0 };
}

/** The attempt that was begun, as it ended. */
export function endedAttempt(
  begun: Attempt,
  { outcome, code, message }: AttemptEnd,
  endedAtMs: number,
): Attempt {
  return { ...begun, endedAtMs, outcome, code, message };
}

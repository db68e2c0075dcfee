import { faultOf, type ErrorCode } from './error-codes.js';

/** What a client may additionally learn. Never a path of the host, a stack of the server or a container id. */
export interface ErrorDetails {
  /** The field of the request that broke a rule. */
  readonly field?: string;
  /** The machine-readable rule that was broken, e.g. `unsafe_path`. */
  readonly reason?: string;
  /** When trying again can help, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Class name of what the function threw, e.g. `TypeError`. */
  readonly errorType?: string;
  /** Message of what the function threw. */
  readonly errorMessage?: string;
  /** The last lines the function printed before it ended. */
  readonly output?: string;
  /** The build that failed; `GET /builds/:id` has all of its log. */
  readonly buildId?: string;
  /** The last lines of that log. */
  readonly log?: readonly string[];
}

/**
 * An expected failure. `message` is a sentence for the caller that says what to do; the root cause, which may name
 * paths and engine words, travels in `cause` and stays in the log.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    const { stackTraceLimit } = Error;
    if (isAnswerToMany(code, details)) Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Refusals come by the thousand when they come, and nobody looks at their stack: taking it would double their price. */
function isAnswerToMany(code: ErrorCode, { retryAfterMs }: ErrorDetails): boolean {
  return retryAfterMs !== undefined || faultOf(code) === 'caller';
}

import { inspect } from 'node:util';
import { DomainError, type ErrorDetails } from '../../common/errors/domain-error.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';

/** The one message a thread sends. Errors lose their class between threads, so they travel in parts. */
export type ThreadMessage<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | {
      readonly outcome: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      readonly cause: string;
    }
  | { readonly outcome: 'failed'; readonly cause: string };

export function failureMessage(error: unknown): ThreadMessage<never> {
  if (!(error instanceof DomainError)) return { outcome: 'failed', cause: inspect(error) };
  const { code, message, details } = error;
  return {
    outcome: 'refused',
    code,
    message,
    details,
    cause: error.cause === undefined ? '' : inspect(error.cause),
  };
}

/** For a failure of our own making; its cause stands in the log. */
export const defectSentence = 'The code could not be read or written.';

/** The result, or the error as the thread raised it. */
export function resultOf<Result>(message: ThreadMessage<Result>): Result {
  switch (message.outcome) {
    case 'done':
      return message.result;
    case 'refused':
      throw new DomainError(message.code, message.message, message.details, { cause: message.cause });
    case 'failed':
      throw new DomainError('INTERNAL', defectSentence, {}, { cause: message.cause });
    default:
      return unknownOutcome(message);
  }
}

function unknownOutcome(message: never): never {
  throw new Error(`Unknown message of the thread for code: ${JSON.stringify(message)}`);
}

import { inspect } from 'node:util';
import { DomainError, type ErrorDetails } from '../../common/errors/domain-error.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import type { UnpackedCode } from './unpack.js';

/** The one message a thread sends. Errors lose their class between threads, so they travel in parts. */
export type UnpackMessage =
  | { readonly outcome: 'unpacked'; readonly code: UnpackedCode }
  | {
      readonly outcome: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      readonly cause: string;
    }
  | { readonly outcome: 'failed'; readonly cause: string };

export function failureMessage(error: unknown): UnpackMessage {
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

/** The result, or the error as the thread raised it. */
export function resultOf(message: UnpackMessage): UnpackedCode {
  switch (message.outcome) {
    case 'unpacked':
      return message.code;
    case 'refused':
      throw new DomainError(message.code, message.message, message.details, { cause: message.cause });
    case 'failed':
      throw new DomainError('INTERNAL', 'The archive could not be unpacked.', {}, { cause: message.cause });
    default:
      return unknownOutcome(message);
  }
}

function unknownOutcome(message: never): never {
  throw new Error(`Unknown message of the unpacking thread: ${JSON.stringify(message)}`);
}

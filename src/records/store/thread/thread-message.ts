import { DomainError, type ErrorDetails } from '../../../common/errors/domain-error.js';
import type { ErrorCode } from '../../../common/errors/error-codes.js';
import type { RecordBudget, RecordStore } from '../record-store.js';

/** What the thread is started with. */
export interface RecordThreadData {
  readonly file: string;
  readonly budget: RecordBudget;
}

/** Every operation of the store but its end, which is the thread's own; each takes one argument or none. */
export type Operation = Exclude<keyof RecordStore, 'close'>;

export type ArgumentOf<O extends Operation> = Parameters<RecordStore[O]>[0];
export type ResultOf<O extends Operation> = Awaited<ReturnType<RecordStore[O]>>;

export interface ThreadRequest<O extends Operation = Operation> {
  readonly number: number;
  readonly operation: O;
  readonly argument: ArgumentOf<O>;
}

/** An error as it crosses from one thread to the other, where classes are lost. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
  /** For the log. */
  readonly cause: unknown;
}

export type ThreadMessage =
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: SentError }
  /** A database that could not be used was set aside. */
  | { readonly kind: 'set-aside'; readonly file: string; readonly reason: string };

export function sentErrorOf(error: unknown): SentError {
  if (!(error instanceof DomainError)) {
    const message =
      'The records of this server cannot be read at the moment; its operator finds the reason in the log.';
    return { code: 'STORAGE_UNAVAILABLE', message, details: {}, cause: error };
  }
  const { code, message, details, cause } = error;
  return { code, message, details, cause };
}

export function errorOf({ code, message, details, cause }: SentError): DomainError {
  return new DomainError(code, message, details, { cause });
}

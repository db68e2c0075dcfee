import { DomainError, type ErrorDetails } from '../../common/errors/domain-error.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { DatabaseRefused } from '../sqlite/open-database.js';

/** The operations of a store that a thread serves: all but its end, which is the thread's own. */
export type OperationOf<Store> = Exclude<
  {
    [Name in keyof Store]: Store[Name] extends (...values: never[]) => Promise<unknown> ? Name : never;
  }[keyof Store],
  'close'
> &
  string;

export type ArgumentsOf<Store, Name extends OperationOf<Store>> = Store[Name] extends (
  ...values: infer Values
) => Promise<unknown>
  ? Values
  : never;

export type ResultOf<Store, Name extends OperationOf<Store>> = Store[Name] extends (
  ...values: never[]
) => Promise<infer Result>
  ? Result
  : never;

/** An operation for the thread to do; or the last message there is, after which it ends. */
export type ThreadRequest =
  | {
      readonly number: number;
      readonly operation: string;
      readonly values: readonly unknown[];
      readonly context: unknown;
    }
  | 'close';

/** An error as it crosses from one thread to the other, where classes are lost. */
export type SentError =
  | {
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
      /** For the log. */
      readonly cause: unknown;
    }
  /** The database cannot be used; the message is for the operator. */
  | { readonly refused: string };

export type ThreadMessage =
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: SentError }
  /** A database that could not be used was set aside. */
  | { readonly kind: 'set-aside'; readonly file: string; readonly reason: string };

const unavailable =
  'This cannot be read or kept at the moment; the operator of the server finds the reason in its log.';

export function sentErrorOf(error: unknown): SentError {
  if (error instanceof DatabaseRefused) return { refused: error.message };
  if (error instanceof DomainError) {
    const { code, message, details, cause } = error;
    return { code, message, details, cause };
  }
  return { code: 'STORAGE_UNAVAILABLE', message: unavailable, details: {}, cause: error };
}

export function errorOf(sent: SentError): DomainError {
  if ('refused' in sent) {
    return new DomainError(
      'STORAGE_UNAVAILABLE',
      unavailable,
      {},
      { cause: new DatabaseRefused(sent.refused) },
    );
  }
  const { code, message, details, cause } = sent;
  return new DomainError(code, message, details, { cause });
}

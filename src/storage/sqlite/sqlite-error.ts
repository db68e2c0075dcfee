import { DomainError } from '../../common/errors/domain-error.js';

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html; extended codes keep them in the low byte. */
const resultCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** Extended code of a broken UNIQUE rule. */
const uniqueViolation = 2067;

/** A lock is held by another program for moments; trying again soon is worth it. */
const lockRetryMs = 1000;

/** What a failure of SQLite means to the caller; what is none of these is our own bug and passes unchanged. */
export function storageErrorOf(error: unknown): unknown {
  const code = errorCodeOf(error);
  if (code === undefined) return error;
  switch (code & 0xff) {
    case resultCode.full:
      return new DomainError(
        'INSUFFICIENT_STORAGE',
        "The server's disk is full; nothing was changed. Ask its operator to free space.",
        {},
        { cause: error },
      );
    case resultCode.busy:
    case resultCode.locked:
      return new DomainError(
        'STORAGE_UNAVAILABLE',
        "The server's database is in use by another program; try again.",
        { retryAfterMs: lockRetryMs },
        { cause: error },
      );
    case resultCode.readOnly:
    case resultCode.ioError:
    case resultCode.corrupt:
    case resultCode.cannotOpen:
    case resultCode.notADatabase:
      return new DomainError(
        'STORAGE_UNAVAILABLE',
        "The server's database cannot be read or written; its operator finds the reason in the log.",
        {},
        { cause: error },
      );
    default:
      return error;
  }
}

/** Whether a row was refused because `column`, written `table.column`, must be unique. */
export function isDuplicate(error: unknown, column: string): boolean {
  return errorCodeOf(error) === uniqueViolation && String(error).includes(column);
}

/**
 * Whether the file could not be read or written in the middle of what was asked for. After a commit that ends so, nobody
 * knows whether it happened until the file is read again.
 */
export function isInterruption(error: unknown): boolean {
  return ((errorCodeOf(error) ?? 0) & 0xff) === resultCode.ioError;
}

export function isDamage(error: unknown): boolean {
  const code = errorCodeOf(error) ?? 0;
  return [resultCode.corrupt, resultCode.notADatabase].some((damage) => damage === (code & 0xff));
}

function errorCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

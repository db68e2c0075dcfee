import { DomainError } from './domain-error.js';
import { systemErrorCode } from './error-code.js';

const outOfSpace: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * What a caller may know of a failed file operation. The operating system's own text names paths of the host, so it
 * travels in `cause`. An error that is not the operating system's is a defect and passes unchanged.
 */
export function storageFailure(error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  if (outOfSpace.has(code)) return insufficientStorage({ cause: error });
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    "The server's storage does not answer: try again later.",
    {},
    { cause: error },
  );
}

export function insufficientStorage(options?: ErrorOptions): DomainError {
  const advice = "The server's disk is full: delete functions or versions, or try again later.";
  return new DomainError('INSUFFICIENT_STORAGE', advice, {}, options);
}

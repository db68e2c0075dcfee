import { DomainError } from './domain-error.js';

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

/** Runs file operations; their errors become what a caller may know. */
export async function answeringForStorage<T>(operations: () => Promise<T>): Promise<T> {
  try {
    return await operations();
  } catch (error) {
    throw storageFailure(error);
  }
}

/** `ENOENT` and the like, of an error that a system call raised. */
export function systemErrorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'syscall' in error ? errorCodeOf(error) : undefined;
}

/** The `code` of an error that Node raised, such as `ERR_BUFFER_TOO_LARGE`; undefined for any other value. */
export function errorCodeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}

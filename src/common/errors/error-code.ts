/** The `code` of an error that Node raised, such as `ERR_BUFFER_TOO_LARGE`; undefined for any other value. */
export function errorCodeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}

/** `ENOENT` and the like, of an error that a system call raised. */
export function systemErrorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'syscall' in error ? errorCodeOf(error) : undefined;
}

import { DomainError } from '../common/errors/domain-error.js';

/** `toldBy` is what the worker said, where the message is not the host's own. */
export function invalidResponse(message: string, reason: string, toldBy?: object): DomainError {
  return new DomainError('FUNCTION_INVALID_RESPONSE', message, { reason }, { cause: toldBy });
}

export function responseTooLarge(maxResultBytes: number): DomainError {
  return new DomainError(
    'FUNCTION_RESPONSE_TOO_LARGE',
    `The function's response body may have ${maxResultBytes} bytes at most; return less.`,
  );
}

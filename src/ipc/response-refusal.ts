import { DomainError } from '../common/errors/domain-error.js';

export function invalidResponse(message: string, reason: string): DomainError {
  return new DomainError('FUNCTION_INVALID_RESPONSE', message, { reason });
}

export function responseTooLarge(maxResultBytes: number): DomainError {
  return new DomainError(
    'FUNCTION_RESPONSE_TOO_LARGE',
    `The function's response body may have ${maxResultBytes} bytes at most; return less.`,
  );
}

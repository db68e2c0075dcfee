import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionFailure, InvocationErrorMessage } from './protocol/messages.js';

/** `reported` is what the worker said, if the message is not the host's own. */
export function invalidResponse(message: string, reason: string, reported?: object): DomainError {
  return new DomainError('FUNCTION_INVALID_RESPONSE', message, { reason }, { cause: reported });
}

export function responseTooLarge(maxResultBytes: number): DomainError {
  return new DomainError(
    'FUNCTION_RESPONSE_TOO_LARGE',
    `The function's response body may have ${maxResultBytes} bytes at most; return less.`,
  );
}

/** The error for code that did not load. The stack, with paths inside the container, is in `cause`. */
export function loadFailed(failure: FunctionFailure): DomainError {
  return failed('FUNCTION_LOAD_ERROR', `The function's code did not load: ${failure.errorMessage}`, failure);
}

/** The error for a call that the worker answered without a result. */
export function callFailed(failure: InvocationErrorMessage, maxResultBytes: number): DomainError {
  switch (failure.kind) {
    case 'threw':
    case 'uncaught':
      return failed(
        'FUNCTION_ERROR',
        `The function threw ${failure.errorType}: ${failure.errorMessage}`,
        failure,
      );
    case 'invalid-result':
      return invalidResponse(failure.errorMessage, 'result', { errorMessage: failure.errorMessage });
    case 'result-too-large':
      return responseTooLarge(maxResultBytes);
    default:
      return failure.kind satisfies never;
  }
}

function failed(
  code: 'FUNCTION_LOAD_ERROR' | 'FUNCTION_ERROR',
  message: string,
  failure: FunctionFailure,
): DomainError {
  const { errorType, errorMessage, stack, causes } = failure;
  const failureOnly: FunctionFailure = { errorType, errorMessage, stack, ...(causes && { causes }) };
  return new DomainError(code, message, { errorType, errorMessage }, { cause: failureOnly });
}

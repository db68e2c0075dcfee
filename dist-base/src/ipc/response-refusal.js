import { DomainError } from '../common/errors/domain-error.js';
export function invalidResponse(message, reason) {
    return new DomainError('FUNCTION_INVALID_RESPONSE', message, {
        reason
    });
}
export function responseTooLarge(maxResultBytes) {
    return new DomainError('FUNCTION_RESPONSE_TOO_LARGE', `The function's response body may have ${maxResultBytes} bytes at most; return less.`);
}

//# sourceMappingURL=response-refusal.js.map
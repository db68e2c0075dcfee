import { DomainError } from '../common/errors/domain-error.js';
import { invalidResponse, responseTooLarge } from './response-refusal.js';
/** The error for code that did not load. The stack, with paths inside the container, travels in `cause`. */ export function loadFailed(failure) {
    return failed('FUNCTION_LOAD_ERROR', `The function's code did not load: ${failure.errorMessage}`, failure);
}
/** The error for a call that the worker answered without a result. */ export function callFailed(failure, maxResultBytes) {
    switch(failure.kind){
        case 'threw':
        case 'uncaught':
            return failed('FUNCTION_ERROR', `The function threw ${failure.errorType}: ${failure.errorMessage}`, failure);
        case 'invalid-result':
            return invalidResponse(failure.errorMessage, 'result');
        case 'result-too-large':
            return responseTooLarge(maxResultBytes);
        default:
            return failure.kind;
    }
}
function failed(code, message, failure) {
    const { errorType, errorMessage, stack } = failure;
    return new DomainError(code, message, {
        errorType,
        errorMessage
    }, {
        cause: {
            errorType,
            errorMessage,
            stack
        }
    });
}

//# sourceMappingURL=function-failure.js.map
import { inspect } from 'node:util';
import { DomainError } from '../../common/errors/domain-error.js';
export function failureMessage(error) {
    if (!(error instanceof DomainError)) return {
        outcome: 'failed',
        cause: inspect(error)
    };
    const { code, message, details } = error;
    return {
        outcome: 'refused',
        code,
        message,
        details,
        cause: error.cause === undefined ? '' : inspect(error.cause)
    };
}
/** For a failure of our own making; its cause stands in the log. */ export const defectSentence = 'The code could not be read or written.';
/** The result, or the error as the thread raised it. */ export function resultOf(message) {
    switch(message.outcome){
        case 'done':
            return message.result;
        case 'refused':
            throw new DomainError(message.code, message.message, message.details, {
                cause: message.cause
            });
        case 'failed':
            throw new DomainError('INTERNAL', defectSentence, {}, {
                cause: message.cause
            });
        default:
            return unknownOutcome(message);
    }
}
function unknownOutcome(message) {
    throw new Error(`Unknown message of the thread for code: ${JSON.stringify(message)}`);
}

//# sourceMappingURL=thread-message.js.map
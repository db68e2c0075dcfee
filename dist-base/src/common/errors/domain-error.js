import { faultOf } from './error-codes.js';
/**
 * An expected failure. `message` is a sentence for the caller that says what to do; the root cause, which may name
 * paths and engine words, travels in `cause` and stays in the log.
 */ export class DomainError extends Error {
    code;
    details;
    name = 'DomainError';
    constructor(code, message, details = {}, options){
        const { stackTraceLimit } = Error;
        if (isAnswerToMany(code, details)) Error.stackTraceLimit = 0;
        super(message, options), this.code = code, this.details = details;
        Error.stackTraceLimit = stackTraceLimit;
    }
}
/** Refusals come by the thousand when they come, and nobody looks at their stack: taking it would double their price. */ function isAnswerToMany(code, { retryAfterMs }) {
    return retryAfterMs !== undefined || faultOf(code) === 'caller';
}

//# sourceMappingURL=domain-error.js.map
import { DomainError } from '../../../common/errors/domain-error.js';
export function sentErrorOf(error) {
    if (!(error instanceof DomainError)) {
        const message = 'The records of this server are not at hand; its operator finds the reason in the log.';
        return {
            code: 'STORAGE_UNAVAILABLE',
            message,
            details: {},
            cause: error
        };
    }
    const { code, message, details, cause } = error;
    return {
        code,
        message,
        details,
        cause
    };
}
export function errorOf({ code, message, details, cause }) {
    return new DomainError(code, message, details, {
        cause
    });
}

//# sourceMappingURL=thread-message.js.map
import { EngineError } from '../container-engine.js';
/** The socket does not exist, nobody listens, it may not be opened, or the engine went away while it answered. */ const unreachableCodes = new Set([
    'ENOENT',
    'ECONNREFUSED',
    'EACCES',
    'ECONNRESET',
    'EPIPE',
    'EPERM',
    'ENOTSOCK'
]);
/** The port's error for whatever a call of the engine rejected with; `operation` is the port's name for the call. */ export function toEngineError(operation, error) {
    if (error instanceof EngineError) return error;
    const message = `${operation}: ${messageOf(error)}`;
    return new EngineError(kindOf(operation, error), message, {
        cause: error
    });
}
function kindOf(operation, error) {
    if (isAnswer(error)) return kindOfStatus(operation, error.statusCode);
    return unreachableCodes.has(codeOf(error)) ? 'unreachable' : 'refused';
}
function kindOfStatus(operation, status) {
    // A create names no container yet, so what it did not find is the image.
    if (status === 404) return operation === 'create' ? 'image-missing' : 'gone';
    return status === 409 ? 'conflict' : 'refused';
}
function isAnswer(error) {
    return isObject(error) && 'statusCode' in error && typeof error.statusCode === 'number';
}
function codeOf(error) {
    return isObject(error) && 'code' in error ? String(error.code) : '';
}
function messageOf(error) {
    return isObject(error) && 'message' in error ? String(error.message) : 'unknown failure';
}
/** Errors of Node's own can come from another realm, where `instanceof Error` does not know them. */ function isObject(value) {
    return typeof value === 'object' && value !== null;
}

//# sourceMappingURL=docker-errors.js.map
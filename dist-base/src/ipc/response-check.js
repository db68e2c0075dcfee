import { validateHeaderName, validateHeaderValue } from 'node:http';
import { DomainError } from '../common/errors/domain-error.js';
import { invalidResponse, responseTooLarge } from './response-refusal.js';
import { isWithheld } from './withheld-headers.js';
export function isStreamed(result) {
    return result.stream !== undefined;
}
const statusesWithoutBody = new Set([
    204,
    205,
    304
]);
const noBody = Buffer.alloc(0);
/**
 * The host's own check of a result; the worker's cannot be trusted. Throws `FUNCTION_INVALID_RESPONSE` for a status or
 * header that HTTP cannot carry or that is over a limit, `FUNCTION_RESPONSE_TOO_LARGE` for the body.
 */ export function checkResponse(result, body, limits) {
    const { statusCode } = result;
    // 1xx would leave the client waiting for a final status, and 101 would turn the connection over to it.
    if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
        throw invalidResponse(`The function's status must be an integer from 200 to 599, not ${statusCode}.`, 'status');
    }
    if (body.length > limits.maxResultBytes) throw responseTooLarge(limits.maxResultBytes);
    const hasBody = !statusesWithoutBody.has(statusCode);
    if (result.streams === true && !hasBody) {
        throw invalidResponse(`A response of status ${statusCode} has no body; do not stream one.`, 'status');
    }
    return {
        statusCode,
        headers: checkHeaders(result.headers, limits),
        body: hasBody ? body : noBody,
        stream: undefined,
        claimedBytes: lengthIn(result.headers['content-length'])
    };
}
function lengthIn(claim) {
    return typeof claim === 'string' && /^\d{1,15}$/.test(claim) ? Number(claim) : undefined;
}
function checkHeaders(headers, limits) {
    const budget = {
        lines: 0,
        bytes: 0
    };
    const dropped = new Set();
    const checked = [];
    for (const [givenName, value] of Object.entries(headers)){
        const name = givenName.toLowerCase();
        const lines = typeof value === 'string' ? [
            value
        ] : value;
        // A header of no value is never sent, but a name that is wrong is the function's mistake all the same.
        if (lines.length === 0) checkLine(name, '', limits);
        for (const line of lines){
            checkLine(name, line, limits);
            budget.lines += 1;
            budget.bytes += name.length + line.length;
            if (name === 'connection') namesIn(line).forEach((listed)=>dropped.add(listed));
        }
        if (budget.lines > limits.maxResponseHeaders || budget.bytes > limits.maxResponseHeadersBytes) {
            throw invalidResponse(`The function's headers may be ${limits.maxResponseHeaders} lines of ${limits.maxResponseHeadersBytes} bytes in all; send less.`, 'headers-too-large');
        }
        if (lines.length > 0 && !isWithheld(name)) checked.push([
            name,
            value
        ]);
    }
    // `fromEntries`, because a header may be called `__proto__`.
    return Object.fromEntries(dropped.size === 0 ? checked : checked.filter(([name])=>!dropped.has(name)));
}
function checkLine(name, line, { maxResponseHeaderBytes }) {
    // Valid names and values are Latin-1, one byte per character, so lengths are bytes.
    if (name.length + line.length > maxResponseHeaderBytes) {
        throw invalidResponse(`A header of the function may have ${maxResponseHeaderBytes} bytes at most; send less.`, 'headers-too-large');
    }
    try {
        validateHeaderName(name);
        validateHeaderValue(name, line);
    } catch (cause) {
        const message = 'The function set a header that HTTP cannot carry; check its names and values for special characters.';
        throw new DomainError('FUNCTION_INVALID_RESPONSE', message, {
            reason: 'header'
        }, {
            cause
        });
    }
}
function namesIn(connection) {
    return connection.split(',').map((name)=>name.trim().toLowerCase());
}

//# sourceMappingURL=response-check.js.map
import { faultOf } from '../common/errors/error-codes.js';
/** What is kept of a call that has just ended. */ export function endedInvocationOf(ended, nowMs) {
    const { call, deployed, phases, outcome, responseBytes } = ended;
    const { id, name, version, revision } = deployed;
    const totalMs = phases.totalMs ?? 0;
    const failed = typeof outcome !== 'number';
    const { traceparent } = call.headers;
    return {
        id: call.invocationId,
        function: {
            id,
            name,
            version: version.number,
            revision
        },
        startedAtMs: Math.round(nowMs - totalMs),
        outcome: failed ? faultOf(outcome) : 'success',
        statusCode: failed ? null : outcome,
        failure: failed ? failureOf(outcome, ended) : null,
        phases: {
            queueMs: rounded(phases.queueMs),
            containerMs: rounded(phases.containerMs),
            handlerMs: rounded(phases.handlerMs),
            totalMs: rounded(totalMs) ?? 0
        },
        origin: phases.origin ?? null,
        requestBytes: call.body.bytes,
        responseBytes,
        traceparent: typeof traceparent === 'string' ? traceparent : null
    };
}
function failureOf(code, { reason, failure }) {
    const { errorType, errorMessage, stack } = thrown(failure);
    return {
        code,
        message: reason ?? '',
        errorType,
        errorMessage,
        stack
    };
}
/** What the worker told of what the function threw, each field bounded by the protocol; nothing of anything else. */ function thrown(failure) {
    const nothing = {
        errorType: null,
        errorMessage: null,
        stack: null
    };
    // An error is one of the server's own; its stack is nobody's business outside.
    if (typeof failure !== 'object' || failure === null || failure instanceof Error) return nothing;
    const fields = failure;
    const textOf = (field)=>typeof fields[field] === 'string' ? fields[field] : null;
    return {
        errorType: textOf('errorType'),
        errorMessage: textOf('errorMessage'),
        stack: textOf('stack')
    };
}
/** To microseconds: nothing finer is measured. */ function rounded(ms) {
    return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}

//# sourceMappingURL=ended-invocation-of.js.map
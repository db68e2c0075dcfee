import { DomainError } from '../common/errors/domain-error.js';
/** V8 aborts on a full heap; depending on where, that is SIGABRT, SIGTRAP or SIGSEGV seen from outside. */ const heapAbortExitCodes = new Set([
    133,
    134,
    139
]);
const heapAbortMarker = /heap out of memory|Reached heap limit|Fatal process out of memory/;
/** The error for a call whose container ended before it answered. */ export function endedBeforeAnswer(ending) {
    const output = ending.lastOutput === '' ? {} : {
        output: ending.lastOutput
    };
    if (isOutOfMemory(ending)) {
        return new DomainError('FUNCTION_OUT_OF_MEMORY', 'The function used more memory than it may; use less or give it more.', output);
    }
    return new DomainError('FUNCTION_EXITED', 'The function ended its process before it answered; see its last output for the reason.', output);
}
function isOutOfMemory({ exitCode, outOfMemory, lastOutput }) {
    if (outOfMemory) return true;
    return exitCode !== undefined && heapAbortExitCodes.has(exitCode) && heapAbortMarker.test(lastOutput);
}

//# sourceMappingURL=sandbox-failure.js.map
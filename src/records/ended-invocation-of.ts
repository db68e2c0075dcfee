import { faultOf, type ErrorCode } from '../common/errors/error-codes.js';
import type { EndedCall } from '../invocation/ended-calls.js';
import type { FunctionFailure } from '../ipc/protocol/messages.js';
import type { EndedInvocation, InvocationFailure } from './store/ended-invocation.js';

/** What is kept of a call that has just ended. */
export function endedInvocationOf(ended: EndedCall, nowMs: number): EndedInvocation {
  const { invocation, deployed, outcome, statusCode, responseBytes } = ended;
  const { id, name, version, revision } = deployed;
  const { identity, timings } = invocation.trace;
  const { totalMs = 0 } = timings;
  return {
    id: identity.invocationId,
    function: { id, name, version: version.number, revision },
    startedAtMs: Math.round(nowMs - totalMs),
    outcome: outcome === 'success' ? outcome : faultOf(outcome),
    statusCode: statusCode ?? null,
    failure: outcome === 'success' ? null : failureOf(outcome, ended),
    phases: {
      queueMs: rounded(timings.queueMs),
      containerMs: rounded(timings.containerMs),
      handlerMs: rounded(timings.handlerMs),
      totalMs: rounded(totalMs) ?? 0,
    },
    origin: timings.origin ?? null,
    requestBytes: invocation.payload.bytes,
    responseBytes,
    traceparent: identity.traceparent,
  };
}

function failureOf(code: ErrorCode, { reason, failure }: EndedCall): InvocationFailure {
  return { code, message: reason ?? '', ...thrown(failure) };
}

/** What the worker told of what the function threw, each field bounded by the protocol; nothing of anything else. */
function thrown(failure: unknown): Omit<InvocationFailure, 'code' | 'message'> {
  // An error is one of the server's own; its stack is nobody's business outside.
  if (!isThrown(failure)) return { errorType: null, errorMessage: null, stack: null };
  const { errorType, errorMessage, stack, causes } = failure;
  return { errorType, errorMessage, stack, ...(causes && { causes }) };
}

function isThrown(failure: unknown): failure is FunctionFailure {
  return (
    typeof failure === 'object' && failure !== null && !(failure instanceof Error) && 'errorType' in failure
  );
}

/** To microseconds: nothing finer is measured. */
function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}

import { type ErrorCode, faultOf } from '../common/errors/error-codes.js';
import type { EndedCall } from '../invocation/invocation.js';
import type { FunctionFailure } from '../ipc/protocol/messages.js';
import type { LineLevel } from '../sandbox/sandbox-events.js';
import { type EndFacts, exitWords, peakWords } from '../sandbox/sandbox-failure.js';
import type { EndedInvocation, InvocationFailure } from './store/record-store.js';

/** What is kept of a call that has just ended. */
export function endedInvocationOf(ended: EndedCall, nowMs: number): EndedInvocation {
  const { invocation, deployed, outcome, statusCode, responseBytes } = ended;
  const { id, name, version, revision } = deployed;
  const { trigger, trace } = invocation;
  const { identity, timings } = trace;
  const { totalMs = 0 } = timings;
  const record: EndedInvocation = {
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
  return trigger.kind === 'http' ? record : { ...record, trigger };
}

function failureOf(code: ErrorCode, { reason, failure }: EndedCall): InvocationFailure {
  return { code, message: reason ?? '', ...thrown(failure) };
}

/** What the worker said the function threw, each field bounded by the protocol; nothing of anything else. */
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

/** What the server says of a call in its function's log. */
interface RuntimeRemark {
  readonly level: LineLevel;
  readonly text: string;
}

/**
 * The line for a call that was cut short: how, and what is known of it. Of errors that the function threw its worker has
 * printed the stack, and of calls that no container has served the records tell. Nothing that a worker has sent is in
 * it, so that no function can make such a line say what it likes.
 */
export function runtimeRemarkOn(ended: EndedCall): RuntimeRemark | undefined {
  const { outcome, brokenOff } = ended;
  const text = outcome === 'success' ? undefined : texts[outcome]?.(ended);
  if (text === undefined) return undefined;
  const level = notOfFunction.has(outcome) ? 'warn' : 'error';
  return { level, text: brokenOff === true ? `${text} Its answer had started and was cut off.` : text };
}

/** What ended the call from outside. */
const notOfFunction: ReadonlySet<string> = new Set<ErrorCode>([
  'CLIENT_CLOSED',
  'DEADLINE_EXCEEDED',
  'DRAINING',
]);

const texts: Readonly<Partial<Record<ErrorCode, (ended: EndedCall) => string | undefined>>> = {
  FUNCTION_TIMEOUT: (ended) => {
    const { timeoutSeconds } = ended.deployed.settings;
    return `The call was ended: it took longer than ${timeoutSeconds} s (timeoutSeconds).${peakOf(ended)}`;
  },
  FUNCTION_EXITED: (ended) =>
    `The process ended before it answered: ${exitWords(factsOf(ended).exitCode)}.${peakOf(ended)}`,
  FUNCTION_OUT_OF_MEMORY: (ended) => {
    const limit = `it may use ${ended.deployed.settings.memoryMiB} MiB (memoryMiB)`;
    const end = `It ended with ${exitWords(factsOf(ended).exitCode)}.${peakOf(ended)}`;
    return `The container ran out of memory: ${limit}. ${end}`;
  },
  FUNCTION_LOAD_ERROR: () =>
    "The call failed: the function's code did not load. The lines of the phase load say why.",
  FUNCTION_INIT_TIMEOUT: ({ reason }) => `The call failed: ${reason}`,
  FUNCTION_RESPONSE_TOO_LARGE: ({ reason }) => `The call failed: ${reason}`,
  // With a failure the reason is the worker's, which has printed it.
  FUNCTION_INVALID_RESPONSE: ({ reason, failure }) =>
    `The call failed: ${failure === undefined ? reason : 'what the function returned cannot be sent.'}`,
  CLIENT_CLOSED: (ended) =>
    wasAtWork(ended)
      ? 'The call was ended: its client disconnected before the answer was complete.'
      : undefined,
  DEADLINE_EXCEEDED: (ended) =>
    wasAtWork(ended) ? 'The call was ended: its own deadline had passed.' : undefined,
  DRAINING: (ended) => (wasAtWork(ended) ? 'The call was ended: the server is shutting down.' : undefined),
};

function factsOf({ failure }: EndedCall): EndFacts {
  return failure ?? {};
}

function peakOf(ended: EndedCall): string {
  return peakWords(factsOf(ended).memoryPeakBytes);
}

function wasAtWork({ invocation }: EndedCall): boolean {
  return invocation.trace.timings.containerMs !== undefined;
}

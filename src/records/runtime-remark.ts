import type { ErrorCode } from '../common/errors/error-codes.js';
import type { EndedCall } from '../invocation/ended-calls.js';
import { type EndFacts, exitWords, peakWords } from '../sandbox/sandbox-failure.js';
import type { LineLevel } from '../sandbox/sandbox-events.js';

/** What the server says of a call in its function's log. */
export interface RuntimeRemark {
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
  return { level, text: brokenOff === true ? `${text} Its answer had begun and was broken off.` : text };
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
    wasAtWork(ended) ? 'The call was ended: its client left before the answer was complete.' : undefined,
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

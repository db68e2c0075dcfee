import type { Cancellation } from '../common/time/cancellation.js';
import type { FunctionName } from '../functions/function-name.js';
import type { HeaderValues } from '../ipc/protocol/messages.js';
import type { StreamedResult } from '../ipc/worker-session.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';
import type { RequestBody } from './request-body.js';

/** One call as it came in: nothing in it has been trusted yet but the name, which passed the allow-list. */
export interface Call {
  readonly invocationId: string;
  /** Of the trace that the call is part of; the event's `traceparent` has it too. */
  readonly traceId: string;
  readonly functionName: FunctionName;
  readonly method: string;
  /** What follows `/invoke/:name`; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQueryString: string;
  readonly headers: HeaderValues;
  readonly protocol: string;
  readonly sourceIp: string;
  /** The key that the caller has shown; undefined where none was needed. */
  readonly keyId: string | undefined;
  readonly body: RequestBody;
  /** With `CLIENT_CLOSED` when the client leaves, with `DRAINING` when the server stops. */
  readonly cancellation: Cancellation;
  /** Begins a streamed answer and passes its body on; settles when all is handed over or it broke off. */
  sendStreamed(result: StreamedResult): Promise<void>;
}

/** Where a call's time went, in milliseconds; a phase that was not reached is undefined. */
export interface CallPhases {
  queueMs?: number;
  containerMs?: number;
  origin?: SandboxOrigin;
  /** Up to the first byte of its answer. */
  handlerMs?: number;
  /** From there to the last byte, where the answer was streamed. */
  streamMs?: number;
  streamedBytes?: number;
  /** From the wish for a place to the end, whatever it was. */
  totalMs?: number;
}

/** The phases as a `Server-Timing` value (https://www.w3.org/TR/server-timing/). */
export function serverTiming(phases: CallPhases): string {
  const metrics: string[] = [];
  if (phases.queueMs !== undefined) metrics.push(`queue;dur=${phases.queueMs.toFixed(2)}`);
  if (phases.containerMs !== undefined) {
    const how = phases.origin === undefined ? '' : `;desc="${phases.origin}"`;
    metrics.push(`container${how};dur=${phases.containerMs.toFixed(2)}`);
  }
  if (phases.handlerMs !== undefined) metrics.push(`handler;dur=${phases.handlerMs.toFixed(2)}`);
  return metrics.join(', ');
}

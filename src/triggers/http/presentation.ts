import type { IncomingMessage } from 'node:http';
import { callerOf } from '../../common/auth/caller.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { HttpPresentation } from '../../ipc/protocol/messages.js';
import { forwardedHeaders, type TraceContext } from './request.js';

/** What of a call's target is whose. */
export interface CallTarget {
  /** As the client means it: decoded, but not yet checked. */
  readonly functionName: string;
  /** What follows `/invoke/:name`, as it was sent, nothing decoded; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark, as it was sent. */
  readonly rawQueryString: string;
}

/** A request as its function's handler sees it. */
export function presentationOf(
  request: IncomingMessage,
  target: CallTarget,
  functionName: FunctionName,
  trace: TraceContext,
): HttpPresentation {
  const { keyId, address, forwarded } = callerOf(request);
  return {
    kind: 'http',
    method: request.method ?? '',
    rawPath: target.rawPath,
    rawQueryString: target.rawQueryString,
    headers: forwardedHeaders(request.headers, {
      functionName,
      hasShownKey: keyId !== undefined,
      trace,
      sourceIp: address,
      forwarded,
    }),
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: address,
  };
}

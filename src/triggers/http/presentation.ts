import type { IncomingMessage } from 'node:http';
import { callerOf } from '../../common/auth/caller.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { HttpPresentation } from '../../ipc/protocol/messages.js';
import type { CallTarget } from './call-target.js';
import { forwardedHeaders, type TraceContext } from './request.js';

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
      root: target.isOwnHost ? '' : `/invoke/${functionName}`,
      hasShownKey: keyId !== undefined,
      trace,
      sourceIp: address,
      forwarded,
    }),
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: address,
  };
}

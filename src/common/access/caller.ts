import type { IncomingMessage } from 'node:http';
import type { ForwardedUrl } from './forwarded-url.js';

/** Who sent a request, as far as the server has made sure of it. */
export interface Caller {
  /** Id of the key that was shown; undefined where none was needed. */
  readonly keyId: string | undefined;
  /** The client's own address, also behind a trusted proxy. */
  readonly address: string;
  /** Undefined for a request that came through no trusted proxy. */
  readonly forwarded?: ForwardedUrl | undefined;
}

const callerKey = Symbol('caller');

type WithCaller = IncomingMessage & { [callerKey]?: Caller };

/** Only whoever has checked the request may say who sent it. */
export function setCaller(request: IncomingMessage, caller: Caller): void {
  (request as WithCaller)[callerKey] = caller;
}

/** A request that nobody has checked is from where its connection is from, and nothing more is known. */
export function callerOf(request: IncomingMessage): Caller {
  return (
    (request as WithCaller)[callerKey] ?? { keyId: undefined, address: request.socket.remoteAddress ?? '' }
  );
}

import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderValues } from '../ipc/protocol/messages.js';
import type { TraceContext } from './trace-context.js';

/**
 * Not the function's business: headers that speak of this one connection (RFC 9110, section 7.6.1), and claims about
 * where a request came from, which anybody can write; the event's `sourceIp` is what the server saw.
 */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  // Of this server alone, whether a key was needed or not.
  'x-glambdar-key',
  // Set anew: the call itself is the parent of what the function does.
  'traceparent',
  'tracestate',
]);

/** What every key ends in; how it begins may be written in capitals too. */
const secretLength = 43;

export interface HeadersContext {
  /** Whether the caller came in by a key. */
  readonly hasShownKey: boolean;
  readonly trace: TraceContext;
}

/**
 * The headers that the function sees: lower-case names, repeated ones joined as HTTP allows. A key that let the caller
 * into the server is the server's; a function that saw it could act as its caller.
 */
export function forwardedHeaders(
  received: IncomingHttpHeaders,
  { hasShownKey, trace }: HeadersContext,
): HeaderValues {
  // A plain object, which is turned into JSON several times as fast as one without a prototype.
  const forwarded: Record<string, string | readonly string[]> = {};
  for (const name in received) {
    const value = received[name];
    if (value === undefined || notForwarded.has(name)) continue;
    if (name === 'authorization' && hasShownKey && holdsShownKey(received)) continue;
    forwarded[name] = value;
  }
  forwarded['traceparent'] = trace.traceparent;
  if (trace.tracestate !== undefined) forwarded['tracestate'] = trace.tracestate;
  return forwarded;
}

/** A key in `X-Glambdar-Key` leaves `Authorization` to the function, unless the same key stands there as well. */
function holdsShownKey({ authorization, 'x-glambdar-key': key }: IncomingHttpHeaders): boolean {
  if (typeof key !== 'string') return true;
  const secret = key.slice(-secretLength);
  return secret !== '' && authorization?.includes(secret) === true;
}

import type { IncomingHttpHeaders } from 'node:http';

/** A call's place in a trace (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceId: string;
  /** Names the call itself as the parent of whatever the function does: what it and the caller are given. */
  readonly traceparent: string;
  /** As it came; undefined where a new trace begins, because what vendors wrote is about another one. */
  readonly tracestate: string | undefined;
}

/** Later versions may go on after another dash; version `ff` is forbidden. */
const received = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const noTrace = '0'.repeat(32);
const noParent = '0'.repeat(16);
const sampledBit = 0x01;

/**
 * Goes on with the caller's trace, or begins one, not sampled, where the caller sent none or none that is valid. The
 * ids are the call's own: 62 random bits of the invocation id name its span, and a trace that begins here has the
 * whole of it for its id, so whoever has the one finds the other, and nothing random has to be drawn.
 */
export function traceContextOf(headers: IncomingHttpHeaders, invocationId: string): TraceContext {
  const spanId = invocationId.slice(19, 23) + invocationId.slice(24);
  const caller = parse(headers['traceparent']);
  if (caller) {
    const { traceId, flags } = caller;
    return {
      traceId,
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: textOf(headers['tracestate']),
    };
  }
  // Without its dashes.
  const traceId = invocationId.slice(0, 8) + invocationId.slice(9, 13) + invocationId.slice(14, 18) + spanId;
  return { traceId, traceparent: `00-${traceId}-${spanId}-00`, tracestate: undefined };
}

function parse(header: string | string[] | undefined): { traceId: string; flags: string } | undefined {
  const match = typeof header === 'string' ? received.exec(header) : null;
  if (!match) return undefined;
  const [, version, traceId = '', parentId, flags = '', rest] = match;
  if (version === '00' && rest !== undefined) return undefined;
  if (traceId === noTrace || parentId === noParent) return undefined;
  // The other flags are reserved: whoever does not know them must not pass them on.
  return { traceId, flags: (Number.parseInt(flags, 16) & sampledBit) === 0 ? '00' : '01' };
}

/** Node joins repeated headers as HTTP allows, which is what `tracestate` asks for. */
function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

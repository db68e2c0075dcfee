import type { EventRequest } from '../events/event.js';
import type { Schedule } from '../functions/function.js';

/**
 * The request that a schedule makes: its payload as JSON, or nothing, posted to the root of the function. Which schedule it
 * is, and when it was due, the event's source says: each attempt tells the function.
 */
export function scheduledRequest({ payload }: Schedule): EventRequest {
  const headers: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json' };
  return {
    presentation: {
      kind: 'http',
      method: 'POST',
      rawPath: '/',
      rawQueryString: '',
      headers,
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
    },
    body: Buffer.from(payload === undefined ? '' : JSON.stringify(payload)),
    traceparent: null,
  };
}

import type { EventRequest } from '../events/event.js';
import type { Schedule } from '../functions/function.js';

/** The request that a schedule makes: its payload as JSON, or nothing, posted to the root of the function. */
export function scheduledRequest({ payload }: Schedule, name: string, dueMs: number): EventRequest {
  const headers = {
    ...(payload !== undefined && { 'content-type': 'application/json' }),
    'x-glambdar-schedule': name,
    'x-glambdar-scheduled-time': new Date(dueMs).toISOString(),
  };
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

import type { EventRecord, NewEvent } from '../event.js';

/** An event as it is known when it has just been accepted, and waits for nobody. */
export function newRecord({ request, ...event }: NewEvent): EventRecord {
  const { method, rawPath, rawQueryString } = request.presentation;
  return {
    ...event,
    state: 'queued',
    method,
    path: rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`,
    requestBytes: request.body.length,
    endedAtMs: null,
    nextAttemptAtMs: event.acceptedAtMs,
    countedAttempts: 0,
    attempts: [],
    attemptCount: 0,
    followUp: null,
  };
}

import { malformed } from '../input/read-fields.js';
import { escapeUnsafe } from '../safe-text.js';

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const serverSentEventsType = 'text/event-stream; charset=utf-8';

/** Keeps proxies and clients from taking silence for the end. */
export const heartbeatComment = ': heartbeat\n\n';

/** One event, its data JSON on one line: nothing in it can end the event, and no terminal obeys it. */
export function serverSentEvent(name: string, data: object, id?: number): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${name}\n${idLine}data: ${escapeUnsafe(JSON.stringify(data))}\n\n`;
}

/** The id of the last event that a client has seen before its connection broke. */
export function parseLastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (/^\d{1,16}$/.test(header)) return Number(header);
  throw malformed('Last-Event-ID', 'Last-Event-ID must be a whole number, 0 or more');
}

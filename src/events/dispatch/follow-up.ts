import { randomUUIDv7 } from 'node:crypto';
import type { FunctionRegistry } from '../../functions/function-registry.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Attempt, EventRequest, EventResult, FollowUp, NewEvent } from '../event.js';
import { expiresAtMs } from '../expiry.js';
import type { ClaimedEvent, Settlement } from '../store/event-store.js';

/** Most events that may follow from one another: functions that name each other end here. */
export const mostDepth = 16;

/** Of the bodies of the request and of the result, each. */
export const shownBodyBytes = 256 * 1024;

export interface EndedEvent {
  readonly event: ClaimedEvent;
  readonly outcome: 'success' | 'failure';
  /** The last of them is the one that ended it. */
  readonly attempts: readonly Attempt[];
  readonly result: EventResult | null;
  readonly endedAtMs: number;
}

type Following = Pick<Settlement, 'followUp' | 'followUpEvent'>;

const none: Following = { followUp: null, followUpEvent: null };

/** The event of the function that is named for this outcome, or why there is none. */
export function followUpOf(
  ended: EndedEvent,
  { settings }: Pick<DeployedFunction, 'settings'>,
  functions: Pick<FunctionRegistry, 'find'>,
): Following {
  const functionName = ended.outcome === 'success' ? settings.onSuccess : settings.onFailure;
  if (functionName === null) return none;
  const refused = (refusal: string): Following => ({
    followUp: { functionName, eventId: null, refusal },
    followUpEvent: null,
  });
  const { event, endedAtMs } = ended;
  if (event.depth >= mostDepth)
    return refused(
      `Already ${mostDepth} events have followed from one another: onSuccess and onFailure lead in a circle.`,
    );
  const target = functions.find(parseFunctionName(functionName));
  if (!target) return refused(`There is no function named "${functionName}".`);
  const following: NewEvent = {
    id: randomUUIDv7(),
    functionId: target.id,
    functionName: target.name,
    request: requestFor(ended),
    source: { kind: 'event', eventId: event.id, outcome: ended.outcome },
    keyId: event.keyId,
    acceptedAtMs: endedAtMs,
    expiresAtMs: expiresAtMs(target.settings.retry, endedAtMs),
    orderingKey: null,
    depth: event.depth + 1,
  };
  const followUp: FollowUp = { functionName, eventId: following.id, refusal: null };
  return { followUp, followUpEvent: { event: following, maxQueued: target.settings.maxQueuedEvents } };
}

function requestFor(ended: EndedEvent): EventRequest {
  const { event } = ended;
  const body = Buffer.from(JSON.stringify(contentOf(ended)));
  const headers = {
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-glambdar-event-source': event.id,
  };
  const presentation = {
    kind: 'http',
    method: 'POST',
    rawPath: '/',
    rawQueryString: '',
    headers,
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
  } as const;
  return { presentation, body, traceparent: event.request.traceparent };
}

/** What docs/events.md shows. */
function contentOf({ event, outcome, attempts, result }: EndedEvent) {
  const { method, rawPath, rawQueryString, headers } = event.request.presentation;
  const last = attempts.at(-1);
  const failed = outcome === 'failure' && last?.code != null;
  return {
    event: {
      id: event.id,
      function: event.functionName,
      acceptedAt: new Date(event.acceptedAtMs).toISOString(),
      source: event.source,
    },
    outcome,
    attempts: attempts.map(shownAttempt),
    request: {
      method,
      path: rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`,
      headers,
      ...shownBody(event.request.body),
    },
    result: result && { status: result.status, headers: result.headers, ...shownResultBody(result) },
    error: failed ? { code: last.code, message: last.message } : null,
  };
}

function shownAttempt({ invocationId, startedAtMs, endedAtMs, outcome, code, message }: Attempt) {
  const time = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());
  return { invocationId, startedAt: time(startedAtMs), endedAt: time(endedAtMs), outcome, code, message };
}

function shownResultBody({ body }: EventResult) {
  return body ? shownBody(body) : { body: null, isBase64Encoded: false, truncated: true };
}

/** Text as it is, everything else in base64; a character that the cut divides is left out. */
function shownBody(bytes: Uint8Array) {
  const truncated = bytes.length > shownBodyBytes;
  const shown = bytes.subarray(0, shownBodyBytes);
  const text = textOf(shown, truncated);
  return {
    body: text ?? Buffer.from(shown).toString('base64'),
    isBase64Encoded: text === undefined,
    truncated,
  };
}

/** JSON writes control characters with six bytes each: what is full of them is no text. */
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f]/;

function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
    return controlCharacter.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

import type { Attempt, EventRequest, EventResult, NewEvent } from '../../../src/events/event.js';
import type {
  Acceptance,
  ClaimedEvent,
  ClaimQuery,
  EventBudget,
  IdempotencyClaim,
  Settlement,
} from '../../../src/events/store/event-store.js';
import type { ClockReading } from '../../../src/events/store/store-clock.js';
import type { Clock } from '../../../src/common/time/clock.js';
import { parseFunctionName } from '../../../src/functions/function-name.js';
import { httpPresentation } from '../messages.js';

/** Room for whatever a test keeps. */
export const generousBudget: EventBudget = {
  queuedBytes: 1e9,
  functionQueuedBytes: 1e9,
  strangersPercent: 100,
  keptBytes: 1e9,
  functionKeptBytes: 1e9,
  answerBytes: 1e9,
};

/** When events of tests are accepted: the beginning of the manual clock. */
export const acceptedAtMs = Date.UTC(2026, 0, 1);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const eventRequest: EventRequest = {
  presentation: httpPresentation,
  body: new Uint8Array([0, 255, 1, 128]),
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

/** An event of the function `f-hello`; tests name what matters to them. */
export function newEvent(id: string, fields: Partial<NewEvent> = {}): NewEvent {
  return {
    id,
    functionId: 'f-hello',
    functionName: parseFunctionName('hello'),
    request: eventRequest,
    source: { kind: 'http' },
    keyId: 'key-1',
    acceptedAtMs,
    expiresAtMs: acceptedAtMs + 6 * hourMs,
    orderingKey: null,
    depth: 0,
    ...fields,
  };
}

export type AcceptanceFields = Partial<NewEvent> & Partial<Omit<Acceptance, 'event'>>;

export function acceptance(id: string, fields: AcceptanceFields = {}): Acceptance {
  const { maxQueued = 1000, idempotency = null, firing = null, ...event } = fields;
  return { event: newEvent(id, event), maxQueued, idempotency, firing };
}

export function idempotencyClaim(fields: Partial<IdempotencyClaim> = {}): IdempotencyClaim {
  return {
    functionId: 'f-hello',
    caller: 'key-1',
    key: 'once',
    fingerprint: 'same',
    untilMs: acceptedAtMs + dayMs,
    ...fields,
  };
}

let attempts = 0;

/** One event for the server `here`, for a minute. */
export function claimQuery(fields: Partial<ClaimQuery> = {}): ClaimQuery {
  const limit = fields.limit ?? 1;
  attempts += limit;
  const invocationIds = Array.from({ length: limit }, (_, index) => `i-${attempts - limit + index + 1}`);
  return { functionId: 'f-hello', limit, owner: 'here', leaseMs: 60_000, invocationIds, ...fields };
}

export const eventResult: EventResult = {
  status: 200,
  headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] },
  body: new Uint8Array([104, 105]),
  bodyBytes: 2,
};

/** The attempt that a claim began, as it ended. */
export function endedAttempt({ attempts: begun }: ClaimedEvent, fields: Partial<Attempt> = {}): Attempt {
  const last = begun.at(-1);
  if (!last) throw new Error('No attempt was begun.');
  return { ...last, endedAtMs: last.startedAtMs + 5, outcome: 'success', ...fields };
}

/** The claimed event has succeeded; tests name what matters to them. */
export function settlement(claimed: ClaimedEvent, fields: Partial<Settlement> = {}): Settlement {
  return {
    eventId: claimed.id,
    owner: 'here',
    attempt: endedAttempt(claimed),
    next: { state: 'succeeded', forgetAtMs: acceptedAtMs + dayMs },
    result: eventResult,
    resultUntilMs: acceptedAtMs + dayMs,
    followUp: null,
    followUpEvent: null,
    ...fields,
  };
}

/** The claimed event has failed through its function's fault, and is tried again at this time. */
export function failure(claimed: ClaimedEvent, dueMs: number, fields: Partial<Settlement> = {}): Settlement {
  const attempt = endedAttempt(claimed, {
    outcome: 'function',
    code: 'FUNCTION_ERROR',
    message: 'It threw.',
  });
  return settlement(claimed, { attempt, next: { state: 'failed', dueMs }, result: null, ...fields });
}

/** The claimed event has failed for the last time. */
export function death(claimed: ClaimedEvent, fields: Partial<Settlement> = {}): Settlement {
  return failure(claimed, 0, { next: { state: 'dead', forgetAtMs: acceptedAtMs + 14 * dayMs }, ...fields });
}

export function clockReading(clock: Clock): ClockReading {
  return { wallMs: clock.wallTime().getTime(), monotonicMs: clock.monotonicMs() };
}

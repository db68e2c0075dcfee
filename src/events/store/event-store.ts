import type {
  Attempt,
  EventId,
  EventRecord,
  EventRequest,
  EventResult,
  EventState,
  FollowUp,
  NewEvent,
} from '../event.js';

/** How much is kept; what would be too much is refused. */
export interface EventBudget {
  /** Bytes of the requests of events that have not ended, over all functions. */
  readonly queuedBytes: number;
  /** The same of one function; a single request may be larger. */
  readonly functionQueuedBytes: number;
  /** Of what one function may have waiting, events and bytes, the part that callers without a key may take together. */
  readonly strangersPercent: number;
  /** Of events that have ended, over all functions: beyond it the oldest go before their time. */
  readonly keptBytes: number;
  /** Of those of one function: one that has more gives first. */
  readonly functionKeptBytes: number;
  /** Of answers to calls with a key, over all functions: beyond it the oldest go before their time. */
  readonly answerBytes: number;
}

/** What a step of forgetting has done. */
export interface Forgotten {
  readonly mayBeMore: boolean;
  /** Dead events that went before their time, for lack of room: whose, and how many. */
  readonly dropped: { readonly functionId: string; readonly dead: number } | null;
}

/** What an `Idempotency-Key` stands for, for a day. Keys of calls and keys of events are apart from each other. */
export interface IdempotencyClaim {
  readonly functionId: string;
  /** Who sent it, told apart from everybody else: nobody learns of another's keys. */
  readonly caller: string;
  readonly key: string;
  /** SHA-256 of the request, hexadecimal: the same key with another is refused. */
  readonly fingerprint: string;
  readonly untilMs: number;
}

/** What an event is accepted with beside itself. */
export interface Acceptance {
  readonly event: NewEvent;
  /** Most events of its function that may wait (`QueueDepth.queued`), this one included. */
  readonly maxQueued: number;
  readonly idempotency: IdempotencyClaim | null;
  /** Set for a schedule: nothing is accepted where this due time, or a later one, has been before. */
  readonly firing: { readonly scheduleId: string; readonly dueMs: number } | null;
}

/** What became of an acceptance. */
export type Accepted =
  | { readonly kind: 'accepted' }
  /** The event that came first with the same key and the same request. */
  | { readonly kind: 'same'; readonly event: EventRecord }
  /** The key has come with another request. */
  | { readonly kind: 'different' }
  /** The schedule has fired for this time. */
  | { readonly kind: 'fired' }
  | { readonly kind: 'full'; readonly limit: QueueLimit; readonly queued: number };

/** What an event would have been one too many for, or too large: a limit of its function, of strangers there, or of the server. */
export type QueueLimit = 'events' | 'bytes' | 'strangers' | 'server-bytes';

/** An event that a server may run until the lease ends; it is `running` in the store. */
export interface ClaimedEvent extends EventRecord {
  readonly request: EventRequest;
  readonly leaseUntilMs: number;
  /** How long it may still be tried, counted from the claim: unlike `expiresAtMs`, no step of the clock makes it wrong meanwhile. */
  readonly leftMs: number;
}

/** Who claims events, and how many. */
export interface Claimant {
  readonly limit: number;
  /** The server that will run them. */
  readonly owner: string;
  readonly leaseMs: number;
  /** One id for each attempt that begins: as many as `limit`. */
  readonly invocationIds: readonly string[];
}

export interface ClaimQuery extends Claimant {
  /** One function's, by its id. */
  readonly functionId: string;
}

/** How an attempt ended, and what becomes of its event. Applied only while `owner` holds the lease. */
export interface Settlement {
  readonly eventId: EventId;
  readonly owner: string;
  readonly attempt: Attempt;
  readonly next:
    | { readonly state: 'succeeded' | 'dead'; readonly forgetAtMs: number }
    | { readonly state: 'queued' | 'failed'; readonly dueMs: number };
  /** Null where the handler gave none. */
  readonly result: EventResult | null;
  /** When the result goes. */
  readonly resultUntilMs: number;
  readonly followUp: FollowUp | null;
  /**
   * Made in the same step. Where its queue is full it is not: what ended stays ended, and `followUp` gets the refusal
   * `followUpQueueFull` instead of an event.
   */
  readonly followUpEvent: { readonly event: NewEvent; readonly maxQueued: number } | null;
}

/** Why a follow-up was not made that would have been one too many. */
export const followUpQueueFull = 'The queue of that function, or of this server, was full.';

export interface EventQuery {
  /** Of any of these; all if undefined. */
  readonly functionIds?: readonly string[];
  readonly states?: readonly EventState[];
  readonly limit: number;
  /** Events that came before this one, by its place; undefined for the newest. */
  readonly before?: number;
}

export interface EventPage {
  /** The newest first. */
  readonly events: readonly EventRecord[];
  /** Where the next page begins, as `before`; null when there is no more. */
  readonly next: number | null;
}

/** What a purge or a retry is about. */
export interface EventFilter {
  readonly functionIds: readonly string[];
  readonly states: readonly EventState[];
}

/** How many events a function has. */
export interface QueueDepth {
  readonly functionId: string;
  /** Those that wait for an attempt, be it the first or another. */
  readonly queued: number;
  readonly running: number;
  readonly dead: number;
  /** When the first of those that wait was accepted; null if none waits. */
  readonly oldestAcceptedAtMs: number | null;
  /** When the next attempt is due, may be past; null if none is: events may wait for one of their ordering key that runs. */
  readonly nextDueMs: number | null;
}

/** A stored answer to a call with an `Idempotency-Key`. */
export type CallClaim =
  | { readonly kind: 'first' }
  | { readonly kind: 'running' }
  | { readonly kind: 'different' }
  | { readonly kind: 'answered'; readonly result: EventResult };

/** How far a schedule has come. */
export interface SchedulePosition {
  /** `<function id>/<name>`. */
  readonly scheduleId: string;
  /** SHA-256 of its definition: another definition begins anew. */
  readonly definition: string;
  /** When this definition began to count; `every` counts from here. */
  readonly sinceMs: number;
  /** The last due time that fired or was left out; null if none. */
  readonly lastDueMs: number | null;
  /** The event that the last firing made; null if none. */
  readonly lastEventId: EventId | null;
}

/**
 * Durable events, the keys of idempotent requests, and how far schedules have come: one store, because a firing and its event,
 * a key and what it stands for, are one step. What has resolved is on the disk. What rejects has changed nothing, unless the
 * answer of the disk itself was lost: so an acceptance and a settlement may be sent again, and count once.
 *
 * Times that come in and go out are wall clock. What is due is judged by a clock of the store's own (`StoreClock`), which
 * no step of the machine's clock moves. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`, `INSUFFICIENT_STORAGE`, `OVERLOADED`.
 * `test/contract/event-store.contract.ts` is the specification.
 */
export abstract class EventStore {
  /** Accepts in the order of the calls. Calls that are made at the same time share one write to the disk. */
  abstract accept(acceptance: Acceptance): Promise<Accepted>;
  /** Events that are due, the oldest first, never two of one ordering key; each is `running` afterwards, with a new attempt. */
  abstract claim(query: ClaimQuery): Promise<readonly ClaimedEvent[]>;
  /**
   * The same of events of all functions that wait and are too old to be tried, whatever they wait for but their turn among those
   * of their ordering key; those that expired first come first.
   */
  abstract claimExpired(claimant: Claimant): Promise<readonly ClaimedEvent[]>;
  /** Extends leases that this server still holds: those that nobody has released, however late; returns the ids of those. */
  abstract renew(owner: string, eventIds: readonly EventId[], leaseMs: number): Promise<readonly EventId[]>;
  /** False where the lease has been lost: somebody else settles the event. True again for a settlement that is repeated. */
  abstract settle(settlement: Settlement): Promise<boolean>;
  /**
   * Events whose lease has ended, and all that `owner` held, are queued again, their attempts ended as the platform's fault.
   * Returns how many.
   */
  abstract releaseLost(owner: string | null): Promise<number>;

  abstract find(id: EventId): Promise<EventRecord | undefined>;
  /** Undefined where there is none, or it has gone. */
  abstract result(id: EventId): Promise<EventResult | undefined>;
  abstract list(query: EventQuery): Promise<EventPage>;
  /**
   * A dead, failed or queued event is due at once, with no attempts counted and a new time until which it is tried; one with an
   * ordering key whose turn it is not comes next after the one whose turn it is. False of any other.
   */
  abstract retry(id: EventId, expiresAtMs: number): Promise<boolean>;
  /** The same for those that match and are not due yet, the oldest first, at most `limit`; returns how many. */
  abstract retryAll(filter: EventFilter, expiresAtMs: number, limit: number): Promise<number>;
  /** The event goes, its attempt's outcome with it. False where there is none. */
  abstract delete(id: EventId): Promise<boolean>;
  /** Purges at most `limit` events that do not run, the oldest first; returns how many. */
  abstract purge(filter: EventFilter, limit: number): Promise<number>;

  /** Of all functions that have any events. */
  abstract depths(): Promise<readonly QueueDepth[]>;
  /** Bytes of the requests of events that have not ended. */
  abstract queuedBytes(): Promise<number>;
  /** Bytes that events cost which have ended (`keptBytesOf`). */
  abstract keptBytes(): Promise<number>;
  /** Bytes of answers to calls with a key: what `EventBudget.answerBytes` limits. */
  abstract answerBytes(): Promise<number>;
  /**
   * Events, results and keys whose time has passed go, at most `limit` of each. Where ended events take more than their budget,
   * the oldest of one function go as well, at most `limit`: of one that has more than its share, or else of the one that has most;
   * dead ones only where none of those has any that succeeded.
   */
  abstract forgetExpired(limit: number): Promise<Forgotten>;
  /** Everything of a function goes: events, keys, positions; step by step, so that nobody else waits for long. */
  abstract forgetFunction(functionId: string): Promise<void>;
  /** Everything of functions that are not among these goes. */
  abstract retainFunctions(functionIds: readonly string[]): Promise<void>;

  /**
   * Claims a key for a call that somebody waits for, until `leaseMs` have passed. `callId` is the call's own: who claims again
   * with it, because the answer was lost, is still the first.
   */
  abstract claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number): Promise<CallClaim>;
  /**
   * Keeps the call's answer with its key; null gives the key up, so that the request may be tried again. Nothing where another
   * call has claimed the key since. Where answers take more than their budget, the oldest lose body and headers, as one does that is
   * larger than all of it; their keys stay, because what was done must not be done again.
   */
  abstract answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null): Promise<void>;

  abstract positions(): Promise<readonly SchedulePosition[]>;
  /** Begins a schedule's definition, or notes that a due time was left out; a position of one definition never goes back. */
  abstract advance(position: SchedulePosition): Promise<void>;
  /** A schedule is gone. */
  abstract forgetSchedule(scheduleId: string): Promise<void>;

  abstract close(): Promise<void>;
}

import { Inject, Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import { DomainError } from '../common/errors/domain-error.js';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { type DeployedFunction, functionNotFound } from '../functions/function.js';
import { invocationSettings, type InvocationSettings } from '../invocation/invocation.settings.js';
import { RunningCalls, shuttingDown } from '../invocation/running-calls.js';
import { DrainRates } from './drain-rates.js';
import { EventFeed } from './event-feed.js';
import type { EventId, EventRequest, EventSource, NewEvent } from './event.js';
import { eventsSettings, type EventsSettings } from './events.settings.js';
import { expiresAtMs } from './expiry.js';
import { claimOf, type IdempotentRequest } from './idempotency-claim.js';
import { keyReused } from './idempotency-errors.js';
import { type Acceptance, type Accepted, EventStore, type QueueLimit } from './store/event-store.js';

/** Work that somebody hands over. */
export interface Submission {
  readonly functionName: FunctionName;
  readonly request: EventRequest;
  readonly source: EventSource;
  readonly keyId: string | undefined;
  readonly orderingKey: string | undefined;
  /** Undefined if the request has none. */
  readonly idempotency: IdempotentRequest | undefined;
}

/** Work that a schedule hands over, once for each time that it is due. */
export interface Firing extends Omit<Submission, 'idempotency'> {
  readonly firing: NonNullable<Acceptance['firing']>;
}

export interface SubmittedEvent {
  readonly id: EventId;
  /** The key has come before with the same request: this is the event that it made. */
  readonly isRepeated: boolean;
}

/** Takes work over. */
@Injectable()
export class EventService {
  /** Largest body of an event's request. */
  readonly requestBytes: number;
  private accepted = 0;

  constructor(
    private readonly store: EventStore,
    private readonly functions: FunctionRegistry,
    private readonly runningCalls: RunningCalls,
    private readonly drainRates: DrainRates,
    private readonly feed: EventFeed,
    private readonly clock: Clock,
    @Inject(eventsSettings.config.KEY) { requestBytes }: EventsSettings,
    @Inject(invocationSettings.config.KEY) calls: InvocationSettings,
  ) {
    this.requestBytes = Math.min(requestBytes, calls.requestBytes);
  }

  /** Events accepted since the start. */
  get acceptedCount(): number {
    return this.accepted;
  }

  /**
   * Resolves once the event is on the disk. Rejects, and nothing is kept, with `FUNCTION_NOT_FOUND`, `EVENT_QUEUE_FULL`,
   * `PAYLOAD_TOO_LARGE`, `IDEMPOTENCY_KEY_REUSED`, `DRAINING` or as the store does.
   */
  async submit(submission: Submission): Promise<SubmittedEvent> {
    const { deployed, event } = this.prepare(submission);
    const { idempotency } = submission;
    const claim = idempotency && claimOf(deployed.id, idempotency, event.acceptedAtMs);
    const accepted = await this.accept(deployed, event, { idempotency: claim ?? null, firing: null });
    switch (accepted.kind) {
      case 'accepted':
        return { id: event.id, isRepeated: false };
      case 'same':
        return { id: accepted.event.id, isRepeated: true };
      case 'different':
        throw keyReused();
      case 'fired':
        throw new Error('An event of no schedule was answered as one that has fired.');
      default:
        return accepted satisfies never;
    }
  }

  /**
   * The event that is due at this time, once it is on the disk; undefined where the schedule has fired for this time, or a
   * later one, before. Rejects as `submit` does; the schedule may fire for this time again then.
   */
  async fire(firing: Firing): Promise<EventId | undefined> {
    const { deployed, event } = this.prepare(firing);
    const accepted = await this.accept(deployed, event, { idempotency: null, firing: firing.firing });
    return accepted.kind === 'accepted' ? event.id : undefined;
  }

  private prepare(submission: Omit<Submission, 'idempotency'>): {
    deployed: DeployedFunction;
    event: NewEvent;
  } {
    const { functionName, request, source, keyId, orderingKey } = submission;
    if (this.runningCalls.isDraining) throw shuttingDown();
    const deployed = this.functions.get(functionName);
    if (request.body.length > this.requestBytes) throw tooLarge(this.requestBytes);
    const acceptedAtMs = this.clock.wallTime().getTime();
    const event: NewEvent = {
      id: randomUUIDv7(),
      functionId: deployed.id,
      functionName: deployed.name,
      request,
      source,
      keyId: keyId ?? null,
      acceptedAtMs,
      expiresAtMs: expiresAtMs(deployed.settings.retry, acceptedAtMs),
      orderingKey: orderingKey ?? null,
      depth: 0,
    };
    return { deployed, event };
  }

  /** Throws where the queue is full. */
  private async accept(
    { id, name, settings }: DeployedFunction,
    event: NewEvent,
    conditions: Pick<Acceptance, 'idempotency' | 'firing'>,
  ): Promise<Exclude<Accepted, { kind: 'full' }>> {
    const maxQueued = settings.maxQueuedEvents;
    const accepted = await this.store.accept({ event, maxQueued, ...conditions });
    if (accepted.kind === 'full') throw this.queueFull(id, accepted);
    if (accepted.kind !== 'accepted') return accepted;
    if (this.functions.find(name)?.id !== id) {
      // Deleted meanwhile, perhaps before the event was there to go with it.
      await this.store.forgetFunction(id);
      throw functionNotFound(name);
    }
    this.accepted += 1;
    this.feed.due(id);
    return accepted;
  }

  private queueFull(functionId: string, { limit, queued }: Accepted & { kind: 'full' }): DomainError {
    const details = { retryAfterMs: this.drainRates.retryAfterMs(functionId, queued) };
    return new DomainError(
      'EVENT_QUEUE_FULL',
      `${whyFull(limit, queued)}; send this one again later.`,
      details,
    );
  }
}

function whyFull(limit: QueueLimit, queued: number): string {
  switch (limit) {
    case 'events':
      return `${queued} events of this function wait already`;
    case 'bytes':
      return 'The requests of events that wait for this function take as much of the disk as they may';
    case 'strangers':
      return 'Callers without a key have as many events waiting for this function as they may';
    case 'server-bytes':
      return 'The requests of waiting events take as much of the disk as they may';
    default:
      return limit satisfies never;
  }
}

function tooLarge(limitBytes: number): DomainError {
  return new DomainError(
    'PAYLOAD_TOO_LARGE',
    `The body of an event may have ${limitBytes} bytes at most; send less, or call the function without Prefer: respond-async.`,
  );
}

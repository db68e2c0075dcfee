import { Inject, Injectable } from '@nestjs/common';
import { LabelledCounter } from '../../common/counters.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Installation } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction } from '../../functions/function.js';
import { type InvocationTrace, isFailure } from '../../invocation/invocation.js';
import { InvocationService } from '../../invocation/invocation.service.js';
import { type RunningCall, RunningCalls, shuttingDown } from '../../invocation/running-calls.js';
import { isStreamed } from '../../ipc/worker-session.js';
import { DrainRates } from '../drain-rates.js';
import { type AttemptOutcome, type EventId, keptAttempts } from '../event.js';
import { EventFeed } from '../event-feed.js';
import { eventsSettings, type EventsSettings } from '../events.settings.js';
import type { ClaimedEvent, Settlement } from '../store/event-store.js';
import { type AttemptEnd, endOf, endedAttempt, type KeptBody, tooOld } from './attempt-end.js';
import { CollectedStream, invocationOf, keptBody } from './event-invocation.js';
import { followUpOf } from './follow-up.js';
import { nextOf, resultKeptMs } from './retry-policy.js';
import { Settler } from './settler.js';

const dayMs = 24 * 60 * 60 * 1000;

/** An event of which an attempt is under way here. */
interface HeldEvent {
  readonly cancellation: Cancellation;
  /** Set once the attempt is made. */
  readonly trace?: InvocationTrace;
}

/** Runs one attempt of an event that this server has claimed, and keeps its outcome. */
@Injectable()
export class EventRunner {
  private readonly held = new Map<EventId, HeldEvent>();
  private readonly outcomes = new LabelledCounter<AttemptOutcome>();

  constructor(
    @Inject(InvocationService) private readonly invocations: Pick<InvocationService, 'invoke'>,
    private readonly functions: FunctionRegistry,
    private readonly runningCalls: RunningCalls,
    private readonly settler: Settler,
    private readonly feed: EventFeed,
    private readonly drainRates: DrainRates,
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(eventsSettings.config.KEY) private readonly settings: EventsSettings,
  ) {}

  /** Events that are claimed and not settled: their leases must be renewed. */
  get heldIds(): readonly EventId[] {
    return [...this.held.keys()];
  }

  get runningCount(): number {
    return this.held.size;
  }

  /** Attempts that ended since the start. */
  get attempts() {
    return this.outcomes.byKind;
  }

  /** Somebody else may run these by now, or they were deleted: their attempts here are ended. */
  lose(ids: readonly EventId[]): void {
    for (const id of ids)
      this.held
        .get(id)
        ?.cancellation.cancel(new DomainError('INTERNAL', 'The event is no longer this server’s to run.'));
  }

  /** The event was deleted: its attempt, if one is under way here, is ended. */
  abandon(id: EventId): void {
    this.held.get(id)?.cancellation.cancel(new DomainError('EVENT_NOT_FOUND', 'The event was deleted.'));
  }

  /** The server stops: what has no container yet is given back, and only what a handler has begun is let finish. */
  giveBackUnbegun(): void {
    for (const { cancellation, trace } of this.held.values())
      if (trace?.timings.origin === undefined) cancellation.cancel(shuttingDown());
  }

  /**
   * Never rejects. Resolves to when something of the function is due because of this attempt: the event itself, or the one
   * behind it; undefined if nothing is.
   */
  async run(event: ClaimedEvent): Promise<number | undefined> {
    // Counted by a clock that nobody sets.
    const triedUntilMs = this.clock.monotonicMs() + event.leftMs;
    let call: RunningCall | undefined;
    try {
      call = this.begin(event);
      return await this.settle(event, await this.attempt(event, call), triedUntilMs);
    } catch (err) {
      this.log.error({ err, eventId: event.id }, 'an event could not be run; it is tried again later');
      return undefined;
    } finally {
      this.held.delete(event.id);
      call?.end();
    }
  }

  /** Undefined once the server stops. */
  private begin({ id }: ClaimedEvent): RunningCall | undefined {
    if (this.runningCalls.isDraining) return undefined;
    const call = this.runningCalls.beginInBackground();
    this.held.set(id, { cancellation: call.cancellation });
    return call;
  }

  private async attempt(event: ClaimedEvent, call: RunningCall | undefined): Promise<AttemptEnd> {
    const nothing = keptBody(undefined, 0);
    if (!call) return endOf({ fault: 'platform', error: shuttingDown() }, nothing);
    if (event.leftMs <= 0) return tooOld;
    if (!this.functionOf(event)) return endOf({ fault: 'platform', error: functionGone() }, nothing);
    const { cancellation } = call;
    const stream = new CollectedStream(this.settings.resultBytes);
    const context = { clock: this.clock, cancellation, stream };
    const invocation = invocationOf(event, begunAttempt(event).invocationId, context);
    this.held.set(event.id, { cancellation, trace: invocation.trace });
    const invoked = await this.invocations.invoke(invocation);
    if (isFailure(invoked)) return endOf(invoked, nothing);
    return endOf(invoked, isStreamed(invoked) ? stream.collected : this.keptOf(invoked.body));
  }

  private keptOf(body: Buffer): KeptBody {
    return keptBody(body.length > this.settings.resultBytes ? undefined : body, body.length);
  }

  private async settle(
    event: ClaimedEvent,
    end: AttemptEnd,
    triedUntilMs: number,
  ): Promise<number | undefined> {
    const deployed = this.functionOf(event);
    // Deleted: its events go, and nobody asks for their outcome.
    if (!deployed) return undefined;
    const settlement = this.settlementOf(event, end, deployed, triedUntilMs);
    if (!(await this.settler.settle(settlement))) return undefined;
    this.outcomes.add(end.outcome);
    const { next, followUp, followUpEvent } = settlement;
    if (followUp?.refusal)
      this.log.warn(
        { eventId: event.id, function: event.functionName, followUp: followUp.functionName },
        `an event was not followed up: ${followUp.refusal}`,
      );
    if (followUpEvent) this.feed.due(followUpEvent.event.functionId);
    if ('dueMs' in next) return next.dueMs;
    this.drainRates.left(event.functionId);
    this.feed.ended(event.id);
    return event.orderingKey === null ? undefined : this.nowMs;
  }

  private settlementOf(
    event: ClaimedEvent,
    end: AttemptEnd,
    deployed: DeployedFunction,
    triedUntilMs: number,
  ): Settlement {
    const { nowMs } = this;
    const attempt = endedAttempt(begunAttempt(event), end, nowMs);
    const next = nextOf(event, end, deployed.settings.retry, {
      nowMs,
      random: Math.random(),
      deadKeptMs: this.settings.deadDays * dayMs,
      leftMs: triedUntilMs - this.clock.monotonicMs(),
    });
    const attempts = [...event.attempts.slice(0, -1), attempt].slice(-keptAttempts);
    const { result } = end;
    const following =
      'dueMs' in next
        ? { followUp: null, followUpEvent: null }
        : followUpOf(
            {
              event,
              attempts,
              result,
              outcome: next.state === 'succeeded' ? 'success' : 'failure',
              endedAtMs: nowMs,
            },
            deployed,
            this.functions,
          );
    return {
      eventId: event.id,
      owner: this.installation.node.id,
      attempt,
      next,
      result,
      resultUntilMs: nowMs + resultKeptMs,
      ...following,
    };
  }

  /** A new function of the same name is another one. */
  private functionOf({ functionId, functionName }: ClaimedEvent): DeployedFunction | undefined {
    const deployed = this.functions.find(functionName);
    return deployed?.id === functionId ? deployed : undefined;
  }

  private get nowMs(): number {
    return this.clock.wallTime().getTime();
  }
}

function begunAttempt({ attempts }: ClaimedEvent) {
  const begun = attempts.at(-1);
  if (!begun) throw new Error('A claimed event has no attempt.');
  return begun;
}

function functionGone(): DomainError {
  return new DomainError('FUNCTION_NOT_FOUND', 'The function was deleted.');
}

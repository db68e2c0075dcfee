import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Clock } from '../common/time/clock.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { EventFeed } from './event-feed.js';
import { expiresAtMs } from './expiry.js';
import type { EventId, EventRecord, EventResult, EventState } from './event.js';
import { type EventPage, type EventQuery, EventStore } from './store/event-store.js';

/** Which events somebody may see and change: by the name of their function. */
type Reach = (functionName: string) => boolean;

/** Most events that one request changes: each takes the store a moment, and others wait for it. */
const changedAtOnce = 1000;

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What was done to how many events, and whether there may be more of them. */
export interface Changed {
  readonly count: number;
  readonly more: boolean;
}

/** Shows and changes events that were accepted, for those who look after them. */
@Injectable()
export class KeptEvents {
  constructor(
    private readonly store: EventStore,
    private readonly functions: FunctionRegistry,
    private readonly feed: EventFeed,
    private readonly clock: Clock,
  ) {}

  /**
   * Rejects with `EVENT_NOT_FOUND`, in the same words for one that is out of reach: its id tells nobody which it is. The events of
   * a function that was deleted are no more, though they may still be on the disk.
   */
  async find(id: EventId, isWithinReach: Reach): Promise<EventRecord> {
    // What cannot be an id is looked for nowhere.
    const event = idPattern.test(id) ? await this.store.find(id) : undefined;
    if (event && isWithinReach(event.functionName) && this.functionOf(event)) return event;
    throw new DomainError(
      'EVENT_NOT_FOUND',
      'There is no such event: check the id; events that have ended are kept for a limited time.',
      { field: 'id' },
    );
  }

  /** What the handler answered; null where it has not, or its answer is too long ago. */
  async resultOf({ id }: EventRecord): Promise<EventResult | null> {
    return (await this.store.result(id)) ?? null;
  }

  async list(query: EventQuery): Promise<EventPage> {
    const { events, next } = await this.store.list(query);
    return { events: events.filter((event) => this.functionOf(event) !== undefined), next };
  }

  /** Rejects with `EVENT_NOT_WAITING` where it runs or has succeeded. */
  async retry(event: EventRecord): Promise<void> {
    const deployed = this.functions.get(event.functionName);
    const isDue = await this.store.retry(event.id, expiresAtMs(deployed.settings.retry, this.nowMs));
    if (!isDue) throw notWaiting(event);
    this.feed.due(event.functionId);
  }

  /** Of these functions, one after the other: each has its own time after which nothing is tried any more. */
  async retryAll(functions: readonly DeployedFunction[], states: readonly EventState[]): Promise<Changed> {
    let count = 0;
    for (const deployed of functions) {
      const filter = { functionIds: [deployed.id], states };
      const retried = await this.store.retryAll(
        filter,
        expiresAtMs(deployed.settings.retry, this.nowMs),
        changedAtOnce - count,
      );
      if (retried > 0) this.feed.due(deployed.id);
      count += retried;
      if (count >= changedAtOnce) return { count, more: true };
    }
    return { count, more: false };
  }

  async delete({ id, functionId }: EventRecord): Promise<void> {
    await this.store.delete(id);
    this.feed.deleted(id);
    // The next one of its ordering key may have waited for it.
    this.feed.due(functionId);
  }

  async purge({ id }: DeployedFunction, states: readonly EventState[]): Promise<Changed> {
    const count = await this.store.purge({ functionIds: [id], states }, changedAtOnce);
    this.feed.due(id);
    return { count, more: count >= changedAtOnce };
  }

  private get nowMs(): number {
    return this.clock.wallTime().getTime();
  }

  private functionOf({ functionId, functionName }: EventRecord): DeployedFunction | undefined {
    const deployed = this.functions.find(functionName);
    return deployed?.id === functionId ? deployed : undefined;
  }
}

function notWaiting({ state }: EventRecord): DomainError {
  const sentence =
    state === 'succeeded'
      ? 'The event has succeeded; to run it again, send its request as a new event.'
      : 'The event is running; it can be tried again once it is dead.';
  return new DomainError('EVENT_NOT_WAITING', sentence, { field: 'id' });
}

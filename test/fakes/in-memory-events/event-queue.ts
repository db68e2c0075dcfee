import type { EventId, NewEvent } from '../../../src/events/event.js';
import type {
  Acceptance,
  EventBudget,
  EventFilter,
  QueueDepth,
} from '../../../src/events/store/event-store.js';
import { isOfStranger, limitReached } from '../../../src/events/store/queue-room.js';
import { newRecord } from '../../../src/events/store/new-record.js';
import type { StoreTime } from '../../../src/events/store/store-clock.js';
import { isWaiting, type KeptEvent } from './kept-event.js';

/** All events in the order in which they came, and whose turn it is. */
export class EventQueue {
  private counter = 0;
  all: readonly KeptEvent[] = [];

  constructor(private readonly budget: EventBudget) {}

  find(id: EventId): KeptEvent | undefined {
    return this.all.find(({ event }) => event.id === id);
  }

  matching({ functionIds, states }: EventFilter): KeptEvent[] {
    return this.all.filter(
      ({ event, record }) => functionIds.includes(event.functionId) && states.includes(record.state),
    );
  }

  dueOf(functionId: string, { nowMs }: StoreTime): KeptEvent[] {
    return this.all
      .filter(({ event, dueMs }) => event.functionId === functionId && dueMs !== null && dueMs <= nowMs)
      .sort((one, other) => Number(one.dueMs) - Number(other.dueMs) || one.position - other.position);
  }

  expired({ nowMs }: StoreTime): KeptEvent[] {
    return this.all
      .filter(({ dueMs, expiresMs }) => dueMs !== null && expiresMs <= nowMs)
      .sort((one, other) => one.expiresMs - other.expiresMs || one.position - other.position);
  }

  /** Bytes of the requests of events that have not ended. */
  queuedBytes(): number {
    return heldBytes(this.all);
  }

  full({ event, maxQueued }: Pick<Acceptance, 'event' | 'maxQueued'>) {
    const ofFunction = this.all.filter((kept) => kept.event.functionId === event.functionId);
    const ofStrangers = ofFunction.filter((kept) => isOfStranger(kept.event));
    const waiting = {
      events: ofFunction.filter(isWaiting).length,
      bytes: heldBytes(ofFunction),
      strangers: ofStrangers.filter(isWaiting).length,
      strangersBytes: heldBytes(ofStrangers),
      serverBytes: this.queuedBytes(),
    };
    const limit = limitReached(event, waiting, { maxQueued, ...this.budget });
    return limit && ({ kind: 'full', limit, queued: waiting.events } as const);
  }

  insert(event: NewEvent, { nowMs, aheadMs }: StoreTime): void {
    this.counter += 1;
    const kept = {
      position: this.counter,
      event,
      record: newRecord(event),
      dueMs: this.openOf(event) ? null : nowMs,
      expiresMs: event.expiresAtMs + aheadMs,
      owner: null,
      leaseUntilMs: 0,
      forgetMs: null,
      result: null,
      resultUntilMs: 0,
    };
    this.all = [...this.all, kept];
  }

  /** It is due at once with nothing counted, or when it has its turn. */
  restart(kept: KeptEvent, expiresAtMs: number, { nowMs, aheadMs }: StoreTime): void {
    const others = kept.record.state === 'dead' ? this.openOf(kept.event) : undefined;
    const isBlocked = kept.record.state === 'queued' && kept.dueMs === null;
    kept.record = { ...kept.record, state: 'queued', countedAttempts: 0, endedAtMs: null, followUp: null };
    kept.dueMs = others || isBlocked ? null : nowMs;
    kept.expiresMs = expiresAtMs + aheadMs;
    [kept.forgetMs, kept.result] = [null, null];
  }

  remove(chosen: readonly KeptEvent[], time: StoreTime): void {
    this.all = this.all.filter((kept) => !chosen.includes(kept));
    for (const { event } of chosen) this.passTurn(event, time);
  }

  keepFunctions(keeps: (functionId: string) => boolean): void {
    this.all = this.all.filter(({ event }) => keeps(event.functionId));
  }

  /** The next of the ordering key is due, unless another has its turn. */
  passTurn(of: Pick<NewEvent, 'functionId' | 'orderingKey'>, { nowMs }: StoreTime): void {
    if (of.orderingKey === null || this.openOf(of)) return;
    const next = this.ofKey(of.functionId, of.orderingKey).at(0);
    if (next) next.dueMs = nowMs;
  }

  depths({ aheadMs }: StoreTime): readonly QueueDepth[] {
    return [...new Set(this.all.map(({ event }) => event.functionId))].sort().map((functionId) => {
      const own = this.all.filter(({ event }) => event.functionId === functionId);
      const waiting = own.filter(isWaiting);
      const dueMs = Math.min(...waiting.map((kept) => kept.dueMs ?? Infinity));
      return {
        functionId,
        queued: waiting.length,
        running: own.filter(({ record }) => record.state === 'running').length,
        dead: own.filter(({ record }) => record.state === 'dead').length,
        oldestAcceptedAtMs: waiting.at(0)?.event.acceptedAtMs ?? null,
        nextDueMs: dueMs === Infinity ? null : dueMs - aheadMs,
      };
    });
  }

  /** The one of the ordering key whose turn it is. */
  private openOf({ functionId, orderingKey }: Pick<NewEvent, 'functionId' | 'orderingKey'>) {
    if (orderingKey === null) return undefined;
    return this.ofKey(functionId, orderingKey).find(({ owner, dueMs }) => owner !== null || dueMs !== null);
  }

  private ofKey(functionId: string, orderingKey: string): KeptEvent[] {
    return this.all.filter(
      ({ event, record: { endedAtMs } }) =>
        endedAtMs === null && event.functionId === functionId && event.orderingKey === orderingKey,
    );
  }
}

/** Bytes of the requests of those that have not ended. */
function heldBytes(events: readonly KeptEvent[]): number {
  const held = events.filter(({ record: { endedAtMs } }) => endedAtMs === null);
  return held.reduce((sum, { record }) => sum + record.requestBytes, 0);
}

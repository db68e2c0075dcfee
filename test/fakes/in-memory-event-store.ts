import type { DomainError } from '../../src/common/errors/domain-error.js';
import type { Clock } from '../../src/common/time/clock.js';
import type { EventId, EventRecord, EventResult } from '../../src/events/event.js';
import {
  type Acceptance,
  type Accepted,
  type CallClaim,
  type Claimant,
  type ClaimedEvent,
  type ClaimQuery,
  type EventBudget,
  type EventFilter,
  type EventPage,
  type EventQuery,
  EventStore,
  type Forgotten,
  type IdempotencyClaim,
  type QueueDepth,
  type SchedulePosition,
  type Settlement,
} from '../../src/events/store/event-store.js';
import { StoreClock, type StoreTime } from '../../src/events/store/store-clock.js';
import { generousBudget } from '../support/builders/events.js';
import { EventLeases } from './in-memory-events/event-leases.js';
import { EventQueue } from './in-memory-events/event-queue.js';
import { IdempotencyKeys } from './in-memory-events/idempotency-keys.js';
import { bytesOf, shown } from './in-memory-events/kept-event.js';
import { tooMany } from './in-memory-events/kept-room.js';
import { SchedulePositions } from './in-memory-events/schedule-positions.js';
import { ManualClock } from './manual-clock.js';

/** Passes the contract of the real store, by looking at everything it has; fails, and waits, as it is told to. */
export class InMemoryEventStore extends EventStore {
  /** While set, everything rejects with it, and changes nothing. */
  refusal: DomainError | undefined;
  /** Everything waits for it. */
  held: Promise<unknown> = Promise.resolve();
  private readonly failures = new Map<string, DomainError[]>();
  private readonly storeClock = new StoreClock(undefined);
  private readonly queue: EventQueue;
  private readonly leases: EventLeases;
  private readonly keys: IdempotencyKeys;
  private readonly schedules = new SchedulePositions();

  constructor(
    private readonly clock: Clock = new ManualClock(),
    private readonly budget: EventBudget = generousBudget,
  ) {
    super();
    this.queue = new EventQueue(budget);
    this.leases = new EventLeases(this.queue);
    this.keys = new IdempotencyKeys(budget.answerBytes);
  }

  /** The next of these operations that has not been told to fail does, and changes nothing. */
  failNext(operation: keyof EventStore, error: DomainError): void {
    this.failures.set(operation, [...(this.failures.get(operation) ?? []), error]);
  }

  override accept(acceptance: Acceptance): Promise<Accepted> {
    return this.step('accept', (time) => {
      const { event, idempotency, firing } = acceptance;
      if (this.queue.find(event.id)) return { kind: 'accepted' };
      const key = idempotency && this.keys.firstEvent(idempotency, time);
      const first = key && this.queue.find(key.id);
      if (first) return key.isSame ? { kind: 'same', event: shown(first, time) } : { kind: 'different' };
      if (firing && this.schedules.hasFired(firing)) return { kind: 'fired' };
      const full = this.queue.full(acceptance);
      if (full) return full;
      if (idempotency) this.keys.keepEvent(idempotency, event.id, time);
      if (firing) this.schedules.fire(firing, event.id);
      this.queue.insert(event, time);
      return { kind: 'accepted' };
    });
  }

  override claim(query: ClaimQuery): Promise<readonly ClaimedEvent[]> {
    return this.step('claim', (time) => this.leases.claim(query, time));
  }

  override claimExpired(claimant: Claimant): Promise<readonly ClaimedEvent[]> {
    return this.step('claimExpired', (time) => this.leases.claimExpired(claimant, time));
  }

  override renew(owner: string, eventIds: readonly EventId[], leaseMs: number): Promise<readonly EventId[]> {
    return this.step('renew', (time) => this.leases.renew(owner, eventIds, leaseMs, time));
  }

  override settle(settlement: Settlement): Promise<boolean> {
    return this.step('settle', (time) => this.leases.settle(settlement, time));
  }

  override releaseLost(owner: string | null): Promise<number> {
    return this.step('releaseLost', (time) => this.leases.release(owner, time));
  }

  override find(id: EventId): Promise<EventRecord | undefined> {
    return this.step('find', (time) => {
      const kept = this.queue.find(id);
      return kept && shown(kept, time);
    });
  }

  override result(id: EventId): Promise<EventResult | undefined> {
    return this.step('result', ({ nowMs }) => {
      const kept = this.queue.find(id);
      return kept?.result && kept.resultUntilMs > nowMs ? kept.result : undefined;
    });
  }

  override list({ functionIds, states, limit, before }: EventQuery): Promise<EventPage> {
    return this.step('list', (time) => {
      const found = this.queue.all
        .filter(({ event }) => functionIds?.includes(event.functionId) !== false)
        .filter(({ record }) => states?.includes(record.state) !== false)
        .filter(({ position }) => before === undefined || position < before)
        .reverse();
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.position ?? null) : null;
      return { events: page.map((kept) => shown(kept, time)), next };
    });
  }

  override retry(id: EventId, expiresAtMs: number): Promise<boolean> {
    return this.step('retry', (time) => {
      const kept = this.queue.find(id);
      if (!kept || !['dead', 'failed', 'queued'].includes(kept.record.state)) return false;
      this.queue.restart(kept, expiresAtMs, time);
      return true;
    });
  }

  override retryAll(filter: EventFilter, expiresAtMs: number, limit: number): Promise<number> {
    return this.step('retryAll', (time) => {
      const chosen = this.queue
        .matching(filter)
        .filter(({ record: { state }, dueMs }) => state === 'dead' || (dueMs ?? 0) > time.nowMs)
        .slice(0, limit);
      for (const kept of chosen) this.queue.restart(kept, expiresAtMs, time);
      return chosen.length;
    });
  }

  override delete(id: EventId): Promise<boolean> {
    return this.step('delete', (time) => {
      const kept = this.queue.find(id);
      if (kept) this.queue.remove([kept], time);
      return kept !== undefined;
    });
  }

  override purge(filter: EventFilter, limit: number): Promise<number> {
    return this.step('purge', (time) => {
      const chosen = this.queue.matching(filter).filter(({ record }) => record.state !== 'running');
      this.queue.remove(chosen.slice(0, limit), time);
      return Math.min(limit, chosen.length);
    });
  }

  override depths(): Promise<readonly QueueDepth[]> {
    return this.step('depths', (time) => this.queue.depths(time));
  }

  override queuedBytes(): Promise<number> {
    return this.step('queuedBytes', () => this.queue.queuedBytes());
  }

  override keptBytes(): Promise<number> {
    return this.step('keptBytes', () => this.queue.all.reduce((sum, kept) => sum + bytesOf(kept), 0));
  }

  override answerBytes(): Promise<number> {
    return this.step('answerBytes', () => this.keys.bytes());
  }

  override forgetExpired(limit: number): Promise<Forgotten> {
    return this.step('forgetExpired', (time) => {
      const { nowMs } = time;
      const { all } = this.queue;
      const events = all.filter(({ forgetMs }) => forgetMs !== null && forgetMs <= nowMs);
      this.queue.remove(events.slice(0, limit), time);
      const results = all.filter(({ result, resultUntilMs }) => result && resultUntilMs <= nowMs);
      for (const kept of results.slice(0, limit)) kept.result = null;
      const keys = this.keys.forgetExpired(limit, time);
      const isMoreExpired = [events.length, results.length, keys].some((count) => count >= limit);
      const { gone, mayBeMore, dropped } = tooMany(this.queue.all, this.budget, limit);
      this.queue.remove(gone, time);
      return { mayBeMore: isMoreExpired || mayBeMore, dropped };
    });
  }

  override forgetFunction(functionId: string): Promise<void> {
    return this.step('forgetFunction', () => {
      this.keepFunctions((id) => id !== functionId);
    });
  }

  override retainFunctions(functionIds: readonly string[]): Promise<void> {
    return this.step('retainFunctions', () => {
      this.keepFunctions((id) => functionIds.includes(id));
    });
  }

  override claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number): Promise<CallClaim> {
    return this.step('claimCall', (time) => this.keys.claimCall(claim, callId, leaseMs, time));
  }

  override answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null): Promise<void> {
    return this.step('answerCall', (time) => {
      this.keys.answerCall(claim, callId, result, time);
    });
  }

  override positions(): Promise<readonly SchedulePosition[]> {
    return this.step('positions', () => this.schedules.all());
  }

  override advance(position: SchedulePosition): Promise<void> {
    return this.step('advance', () => {
      this.schedules.advance(position);
    });
  }

  override forgetSchedule(scheduleId: string): Promise<void> {
    return this.step('forgetSchedule', () => {
      this.schedules.forget(scheduleId);
    });
  }

  override async close(): Promise<void> {
    return;
  }

  private async step<T>(operation: keyof EventStore, work: (time: StoreTime) => T): Promise<T> {
    const reading = { wallMs: this.clock.wallTime().getTime(), monotonicMs: this.clock.monotonicMs() };
    const time = this.storeClock.read(reading);
    await this.held;
    const failure = this.refusal ?? this.failures.get(operation)?.shift();
    if (failure) throw failure;
    return work(time);
  }

  private keepFunctions(keeps: (functionId: string) => boolean): void {
    this.queue.keepFunctions(keeps);
    this.keys.keepFunctions(keeps);
    this.schedules.keepFunctions(keeps);
  }
}

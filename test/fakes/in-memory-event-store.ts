import type { DomainError } from '../../src/common/errors/domain-error.js';
import type { Clock } from '../../src/common/time/clock.js';
import type { EventId, EventRecord, EventResult, NewEvent } from '../../src/events/event.js';
import {
  isSettled,
  startedAttempt,
  withEnded,
  withLost,
  withStarted,
} from '../../src/events/store/attempts.js';
import {
  type Acceptance,
  type Accepted,
  type CallClaim,
  type ClaimedEvent,
  type ClaimQuery,
  type EventBudget,
  type EventFilter,
  type EventPage,
  type EventQuery,
  EventStore,
  followUpQueueFull,
  type IdempotencyClaim,
  type QueueDepth,
  type SchedulePosition,
  type Settlement,
} from '../../src/events/store/event-store.js';
import { newRecord } from '../../src/events/store/new-record.js';
import { StoreClock, type StoreTime } from '../../src/events/store/store-clock.js';
import { ManualClock } from './manual-clock.js';

/** An event as it is kept: what is due is in the store's time. */
interface KeptEvent {
  readonly position: number;
  readonly event: NewEvent;
  record: EventRecord;
  dueMs: number | null;
  expiresMs: number;
  owner: string | null;
  leaseUntilMs: number;
  forgetMs: number | null;
  result: EventResult | null;
  resultUntilMs: number;
}

interface KeptKey {
  readonly claim: IdempotencyClaim;
  readonly untilMs: number;
  readonly eventId: EventId | null;
  leaseUntilMs: number;
  result: EventResult | null;
}

const generous: EventBudget = { queuedBytes: 1e12 };

/** Passes the contract of the real store, by looking at everything it has; fails, and waits, as it is told to. */
export class InMemoryEventStore extends EventStore {
  /** While set, everything rejects with it, and changes nothing. */
  refusal: DomainError | undefined;
  /** Everything waits for it. */
  held: Promise<unknown> = Promise.resolve();
  private readonly failures = new Map<string, DomainError[]>();
  private readonly storeClock = new StoreClock(undefined);
  private counter = 0;
  private events: KeptEvent[] = [];
  private keys: KeptKey[] = [];
  private schedules = new Map<string, SchedulePosition>();

  constructor(
    private readonly clock: Clock = new ManualClock(),
    private readonly budget: EventBudget = generous,
  ) {
    super();
  }

  /** The next of these operations that has not been told to fail does, and changes nothing. */
  failNext(operation: keyof EventStore, error: DomainError): void {
    this.failures.set(operation, [...(this.failures.get(operation) ?? []), error]);
  }

  override accept(acceptance: Acceptance): Promise<Accepted> {
    return this.step('accept', (time) => {
      const { event, idempotency, firing } = acceptance;
      if (this.kept(event.id)) return { kind: 'accepted' };
      const key = idempotency && this.key(idempotency, 'event', time);
      const first = key?.eventId ? this.kept(key.eventId) : undefined;
      if (key && first) {
        const isSame = key.claim.fingerprint === idempotency.fingerprint;
        return isSame ? { kind: 'same', event: this.shown(first, time) } : { kind: 'different' };
      }
      const position = firing && this.schedules.get(firing.scheduleId);
      if (firing && position && (position.lastDueMs ?? -Infinity) >= firing.dueMs) return { kind: 'fired' };
      const full = this.full(acceptance);
      if (full) return full;
      if (idempotency) this.keep(idempotency, event.id, time);
      if (firing) {
        const begun = position ?? { scheduleId: firing.scheduleId, definition: '', sinceMs: firing.dueMs };
        const moved = { ...begun, lastDueMs: firing.dueMs, lastEventId: event.id };
        this.schedules.set(firing.scheduleId, moved);
      }
      this.insert(event, time);
      return { kind: 'accepted' };
    });
  }

  override claim(query: ClaimQuery): Promise<readonly ClaimedEvent[]> {
    return this.step('claim', (time) =>
      this.dueOf(query.functionId, time)
        .slice(0, query.limit)
        .map((kept, index) => {
          const { attempts, attemptCount } = kept.record;
          const attempt = startedAttempt(String(query.invocationIds[index]), time.nowMs - time.aheadMs);
          kept.record = {
            ...kept.record,
            state: 'running',
            attempts: withStarted(attempts, attempt),
            attemptCount: attemptCount + 1,
          };
          [kept.owner, kept.dueMs, kept.leaseUntilMs] = [query.owner, null, time.nowMs + query.leaseMs];
          const leaseUntilMs = kept.leaseUntilMs - time.aheadMs;
          const leftMs = kept.expiresMs - time.nowMs;
          return { ...this.shown(kept, time), request: kept.event.request, leaseUntilMs, leftMs };
        }),
    );
  }

  override renew(owner: string, eventIds: readonly EventId[], leaseMs: number): Promise<readonly EventId[]> {
    return this.step('renew', ({ nowMs }) =>
      eventIds.filter((id) => {
        const kept = this.kept(id);
        if (kept?.owner !== owner) return false;
        kept.leaseUntilMs = nowMs + leaseMs;
        return true;
      }),
    );
  }

  override settle(settlement: Settlement): Promise<boolean> {
    return this.step('settle', (time) => {
      const kept = this.kept(settlement.eventId);
      if (!kept) return false;
      const { attempts, countedAttempts } = kept.record;
      if (isSettled(attempts, settlement.attempt)) return true;
      const isHeld =
        kept.owner === settlement.owner && attempts.at(-1)?.invocationId === settlement.attempt.invocationId;
      if (!isHeld) return false;
      const { next, attempt } = settlement;
      kept.owner = null;
      kept.record = {
        ...kept.record,
        state: next.state,
        attempts: withEnded(attempts, attempt),
        countedAttempts: countedAttempts + (attempt.outcome === 'function' ? 1 : 0),
        endedAtMs: 'dueMs' in next ? null : attempt.endedAtMs,
      };
      kept.dueMs = 'dueMs' in next ? next.dueMs + time.aheadMs : null;
      kept.forgetMs = 'dueMs' in next ? null : next.forgetAtMs + time.aheadMs;
      [kept.result, kept.resultUntilMs] = [settlement.result, settlement.resultUntilMs + time.aheadMs];
      this.follow(kept, settlement, time);
      this.unblock(kept.record, time);
      return true;
    });
  }

  override releaseLost(owner: string | null): Promise<number> {
    return this.step('releaseLost', ({ nowMs }) => {
      const lost = this.events.filter(
        (kept) => kept.owner !== null && (kept.owner === owner || kept.leaseUntilMs <= nowMs),
      );
      for (const kept of lost) {
        kept.record = { ...kept.record, state: 'queued', attempts: withLost(kept.record.attempts) };
        [kept.owner, kept.dueMs] = [null, nowMs];
      }
      return lost.length;
    });
  }

  override find(id: EventId): Promise<EventRecord | undefined> {
    return this.step('find', (time) => {
      const kept = this.kept(id);
      return kept && this.shown(kept, time);
    });
  }

  override result(id: EventId): Promise<EventResult | undefined> {
    return this.step('result', ({ nowMs }) => {
      const kept = this.kept(id);
      return kept?.result && kept.resultUntilMs > nowMs ? kept.result : undefined;
    });
  }

  override list({ functionIds, states, limit, before }: EventQuery): Promise<EventPage> {
    return this.step('list', (time) => {
      const found = this.events
        .filter(({ event }) => functionIds?.includes(event.functionId) !== false)
        .filter(({ record }) => states?.includes(record.state) !== false)
        .filter(({ position }) => before === undefined || position < before)
        .reverse();
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.position ?? null) : null;
      return { events: page.map((kept) => this.shown(kept, time)), next };
    });
  }

  override retry(id: EventId, expiresAtMs: number): Promise<boolean> {
    return this.step('retry', (time) => {
      const kept = this.kept(id);
      if (!kept || !['dead', 'failed', 'queued'].includes(kept.record.state)) return false;
      this.again(kept, expiresAtMs, time);
      return true;
    });
  }

  override retryAll(filter: EventFilter, expiresAtMs: number, limit: number): Promise<number> {
    return this.step('retryAll', (time) => {
      const chosen = this.matching(filter)
        .filter(({ record: { state }, dueMs }) => state === 'dead' || (dueMs ?? 0) > time.nowMs)
        .slice(0, limit);
      for (const kept of chosen) this.again(kept, expiresAtMs, time);
      return chosen.length;
    });
  }

  override delete(id: EventId): Promise<boolean> {
    return this.step('delete', (time) => {
      const kept = this.kept(id);
      if (kept) this.remove([kept], time);
      return kept !== undefined;
    });
  }

  override purge(filter: EventFilter, limit: number): Promise<number> {
    return this.step('purge', (time) => {
      const chosen = this.matching(filter).filter(({ record }) => record.state !== 'running');
      this.remove(chosen.slice(0, limit), time);
      return Math.min(limit, chosen.length);
    });
  }

  override depths(): Promise<readonly QueueDepth[]> {
    return this.step('depths', ({ aheadMs }) =>
      [...new Set(this.events.map(({ event }) => event.functionId))].sort().map((functionId) => {
        const all = this.events.filter(({ event }) => event.functionId === functionId);
        const waiting = all.filter(isWaiting);
        const dueMs = Math.min(...waiting.map((kept) => kept.dueMs ?? Infinity));
        return {
          functionId,
          queued: waiting.length,
          running: all.filter(({ record }) => record.state === 'running').length,
          dead: all.filter(({ record }) => record.state === 'dead').length,
          oldestAcceptedAtMs: waiting.at(0)?.event.acceptedAtMs ?? null,
          nextDueMs: dueMs === Infinity ? null : dueMs - aheadMs,
        };
      }),
    );
  }

  override queuedBytes(): Promise<number> {
    return this.step('queuedBytes', () => this.heldBytes());
  }

  override forgetExpired(limit: number): Promise<boolean> {
    return this.step('forgetExpired', (time) => {
      const { nowMs } = time;
      const events = this.events.filter(({ forgetMs }) => forgetMs !== null && forgetMs <= nowMs);
      const results = this.events.filter(({ result, resultUntilMs }) => result && resultUntilMs <= nowMs);
      const keys = this.keys.filter(({ untilMs }) => untilMs <= nowMs);
      this.remove(events.slice(0, limit), time);
      for (const kept of results.slice(0, limit)) kept.result = null;
      const gone = new Set(keys.slice(0, limit));
      this.keys = this.keys.filter((key) => !gone.has(key));
      return [events, results, keys].some(({ length }) => length >= limit);
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

  override claimCall(claim: IdempotencyClaim, leaseMs: number): Promise<CallClaim> {
    return this.step('claimCall', (time) => {
      const key = this.key(claim, 'call', time);
      if (!key) {
        this.keep(claim, null, time).leaseUntilMs = time.nowMs + leaseMs;
        return { kind: 'first' };
      }
      if (key.claim.fingerprint !== claim.fingerprint) return { kind: 'different' };
      if (key.result) return { kind: 'answered', result: key.result };
      if (key.leaseUntilMs > time.nowMs) return { kind: 'running' };
      key.leaseUntilMs = time.nowMs + leaseMs;
      return { kind: 'first' };
    });
  }

  override answerCall(claim: IdempotencyClaim, result: EventResult | null): Promise<void> {
    return this.step('answerCall', (time) => {
      const key = this.key(claim, 'call', time);
      if (!key || key.result || key.claim.fingerprint !== claim.fingerprint) return;
      if (result) key.result = result;
      else this.keys = this.keys.filter((other) => other !== key);
    });
  }

  override positions(): Promise<readonly SchedulePosition[]> {
    return this.step('positions', () =>
      [...this.schedules.values()].sort((one, other) => (one.scheduleId < other.scheduleId ? -1 : 1)),
    );
  }

  override advance(position: SchedulePosition): Promise<void> {
    return this.step('advance', () => {
      const before = this.schedules.get(position.scheduleId);
      const isNew = before?.definition !== position.definition;
      if (!isNew && (before.lastDueMs ?? -Infinity) > (position.lastDueMs ?? -Infinity)) return;
      const kept = { ...position, lastEventId: position.lastEventId ?? before?.lastEventId ?? null };
      this.schedules.set(position.scheduleId, isNew ? kept : { ...kept, sinceMs: before.sinceMs });
    });
  }

  override forgetSchedule(scheduleId: string): Promise<void> {
    return this.step('forgetSchedule', () => {
      this.schedules.delete(scheduleId);
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

  private kept(id: EventId): KeptEvent | undefined {
    return this.events.find(({ event }) => event.id === id);
  }

  private heldBytes(): number {
    const held = this.events.filter(({ record: { endedAtMs } }) => endedAtMs === null);
    return held.reduce((sum, { record }) => sum + record.requestBytes, 0);
  }

  private full({ event, maxQueued }: Pick<Acceptance, 'event' | 'maxQueued'>) {
    const waiting = this.events.filter(isWaiting);
    const queued = waiting.filter((kept) => kept.event.functionId === event.functionId).length;
    if (queued >= maxQueued) return { kind: 'full', owner: 'function', queued } as const;
    const isTooMuch = this.heldBytes() + event.request.body.length > this.budget.queuedBytes;
    return isTooMuch ? ({ kind: 'full', owner: 'server', queued } as const) : undefined;
  }

  private insert(event: NewEvent, { nowMs, aheadMs }: StoreTime): void {
    this.counter += 1;
    this.events.push({
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
    });
  }

  /** The one of the ordering key whose turn it is. */
  private openOf({ functionId, orderingKey }: Pick<NewEvent, 'functionId' | 'orderingKey'>) {
    if (orderingKey === null) return undefined;
    return this.ofKey(functionId, orderingKey).find(({ owner, dueMs }) => owner !== null || dueMs !== null);
  }

  private ofKey(functionId: string, orderingKey: string): KeptEvent[] {
    return this.events.filter(
      ({ event, record: { endedAtMs } }) =>
        endedAtMs === null && event.functionId === functionId && event.orderingKey === orderingKey,
    );
  }

  private unblock(of: Pick<NewEvent, 'functionId' | 'orderingKey'>, { nowMs }: StoreTime): void {
    if (of.orderingKey === null || this.openOf(of)) return;
    const next = this.ofKey(of.functionId, of.orderingKey).at(0);
    if (next) next.dueMs = nowMs;
  }

  private dueOf(functionId: string, { nowMs }: StoreTime): KeptEvent[] {
    return this.events
      .filter(({ event, dueMs }) => event.functionId === functionId && dueMs !== null && dueMs <= nowMs)
      .sort((one, other) => Number(one.dueMs) - Number(other.dueMs) || one.position - other.position);
  }

  private follow(kept: KeptEvent, { followUp, followUpEvent }: Settlement, time: StoreTime): void {
    const isRefused = followUpEvent !== null && this.full(followUpEvent) !== undefined;
    if (followUpEvent && !isRefused) this.insert(followUpEvent.event, time);
    const refused = followUp && { ...followUp, eventId: null, refusal: followUpQueueFull };
    kept.record = { ...kept.record, followUp: isRefused ? refused : followUp };
  }

  private again(kept: KeptEvent, expiresAtMs: number, { nowMs, aheadMs }: StoreTime): void {
    const others = kept.record.state === 'dead' ? this.openOf(kept.event) : undefined;
    const isBlocked = kept.record.state === 'queued' && kept.dueMs === null;
    kept.record = { ...kept.record, state: 'queued', countedAttempts: 0, endedAtMs: null, followUp: null };
    kept.dueMs = others || isBlocked ? null : nowMs;
    kept.expiresMs = expiresAtMs + aheadMs;
    [kept.forgetMs, kept.result] = [null, null];
  }

  private matching({ functionIds, states }: EventFilter): KeptEvent[] {
    return this.events.filter(
      ({ event, record }) => functionIds.includes(event.functionId) && states.includes(record.state),
    );
  }

  private remove(chosen: readonly KeptEvent[], time: StoreTime): void {
    this.events = this.events.filter((kept) => !chosen.includes(kept));
    for (const { event } of chosen) this.unblock(event, time);
  }

  private keepFunctions(keeps: (functionId: string) => boolean): void {
    this.events = this.events.filter(({ event }) => keeps(event.functionId));
    this.keys = this.keys.filter(({ claim }) => keeps(claim.functionId));
    const schedules = [...this.schedules].filter(([id]) => keeps(id.slice(0, id.lastIndexOf('/'))));
    this.schedules = new Map(schedules);
  }

  private key(claim: IdempotencyClaim, of: 'event' | 'call', { nowMs }: StoreTime): KeptKey | undefined {
    return this.keys.find(
      (kept) =>
        kept.claim.functionId === claim.functionId &&
        kept.claim.caller === claim.caller &&
        kept.claim.key === claim.key &&
        (kept.eventId === null) === (of === 'call') &&
        kept.untilMs > nowMs,
    );
  }

  private keep(claim: IdempotencyClaim, eventId: EventId | null, { aheadMs }: StoreTime): KeptKey {
    const untilMs = claim.untilMs + aheadMs;
    const kept: KeptKey = { claim, untilMs, eventId, leaseUntilMs: 0, result: null };
    this.keys = [kept, ...this.keys];
    return kept;
  }

  private shown({ record, dueMs, expiresMs }: KeptEvent, { aheadMs }: StoreTime): EventRecord {
    const nextAttemptAtMs = dueMs === null ? null : dueMs - aheadMs;
    return { ...record, nextAttemptAtMs, expiresAtMs: expiresMs - aheadMs };
  }
}

function isWaiting({ record: { state } }: KeptEvent): boolean {
  return state === 'queued' || state === 'failed';
}

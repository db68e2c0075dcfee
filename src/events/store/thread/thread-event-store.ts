import type { Log } from '../../../common/log/log.js';
import type { Clock } from '../../../common/time/clock.js';
import { createDatabase, DatabaseRefused, holdsRows } from '../../../storage/sqlite/open-database.js';
import { ThreadClient, type ThreadLimits } from '../../../storage/thread/thread-client.js';
import type { ArgumentsOf, OperationOf, ResultOf } from '../../../storage/thread/thread-message.js';
import type { EventId, EventRecord, EventResult } from '../../event.js';
import {
  type Acceptance,
  type Accepted,
  type CallClaim,
  type Claimant,
  type ClaimedEvent,
  type ClaimQuery,
  type EventFilter,
  type EventPage,
  type EventQuery,
  EventStore,
  type Forgotten,
  type IdempotencyClaim,
  type QueueDepth,
  type SchedulePosition,
  type Settlement,
} from '../event-store.js';
import { eventsHistory } from '../sqlite/event-database.js';
import type { ClockReading } from '../store-clock.js';
import type { EventThreadData } from './events.thread.js';

/** The program of the thread. Tests run from TypeScript and bind another. */
export class EventThread {
  constructor(readonly module: URL = new URL('./events.thread.js', import.meta.url)) {}
}

/** Requests are outside the heap, and what waits is not in memory. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** Without a row in one of these the store holds nothing. */
const tables = ['functions', 'schedules'];

/**
 * The store of events in a thread of its own, which starts once there is something to keep: a server whose functions get no
 * events, and have no schedules, does without it.
 */
export class ThreadEventStore extends EventStore {
  private readonly client: ThreadClient<EventStore>;
  private isEmpty = false;

  constructor(
    thread: EventThread,
    private readonly workerData: () => EventThreadData,
    limits: ThreadLimits,
    clock: Clock,
    log: Log,
  ) {
    super();
    const context = (): ClockReading => ({
      wallMs: clock.wallTime().getTime(),
      monotonicMs: clock.monotonicMs(),
    });
    const plan = { thread, workerData, context, resourceLimits };
    this.client = new ThreadClient('events', plan, limits, clock, log);
  }

  /**
   * Makes the database, or sees that the one there can be used: rejects with a `DatabaseRefused` where it cannot. Events that
   * were acknowledged are in it, so it is never set aside.
   */
  async open(): Promise<void> {
    const { file } = this.workerData();
    // Made here, because the thread would keep in memory what only that needs.
    await createDatabase(file, eventsHistory);
    this.isEmpty = !holdsRows(file, tables);
    if (this.isEmpty) return;
    try {
      await this.send('queuedBytes');
    } catch (error) {
      throw error instanceof Error && error.cause instanceof DatabaseRefused ? error.cause : error;
    }
  }

  override accept(acceptance: Acceptance): Promise<Accepted> {
    return this.ask('accept', acceptance);
  }

  override claim(query: ClaimQuery): Promise<readonly ClaimedEvent[]> {
    return this.known([], () => this.send('claim', query));
  }

  override claimExpired(claimant: Claimant): Promise<readonly ClaimedEvent[]> {
    return this.known([], () => this.send('claimExpired', claimant));
  }

  override renew(owner: string, eventIds: readonly EventId[], leaseMs: number): Promise<readonly EventId[]> {
    return this.known([], () => this.send('renew', owner, eventIds, leaseMs));
  }

  override settle(settlement: Settlement): Promise<boolean> {
    return this.known(false, () => this.send('settle', settlement));
  }

  override releaseLost(owner: string | null): Promise<number> {
    return this.known(0, () => this.send('releaseLost', owner));
  }

  override find(id: EventId): Promise<EventRecord | undefined> {
    return this.known(undefined, () => this.ask('find', id));
  }

  override result(id: EventId): Promise<EventResult | undefined> {
    return this.known(undefined, () => this.ask('result', id));
  }

  override list(query: EventQuery): Promise<EventPage> {
    return this.known({ events: [], next: null }, () => this.ask('list', query));
  }

  override retry(id: EventId, expiresAtMs: number): Promise<boolean> {
    return this.known(false, () => this.ask('retry', id, expiresAtMs));
  }

  override retryAll(filter: EventFilter, expiresAtMs: number, limit: number): Promise<number> {
    return this.known(0, () => this.ask('retryAll', filter, expiresAtMs, limit));
  }

  override delete(id: EventId): Promise<boolean> {
    return this.known(false, () => this.ask('delete', id));
  }

  override purge(filter: EventFilter, limit: number): Promise<number> {
    return this.known(0, () => this.ask('purge', filter, limit));
  }

  override depths(): Promise<readonly QueueDepth[]> {
    return this.known([], () => this.ask('depths'));
  }

  override queuedBytes(): Promise<number> {
    return this.known(0, () => this.ask('queuedBytes'));
  }

  override keptBytes(): Promise<number> {
    return this.known(0, () => this.ask('keptBytes'));
  }

  override answerBytes(): Promise<number> {
    return this.known(0, () => this.ask('answerBytes'));
  }

  override forgetExpired(limit: number): Promise<Forgotten> {
    return this.known({ mayBeMore: false, dropped: null }, () => this.send('forgetExpired', limit));
  }

  override forgetFunction(functionId: string): Promise<void> {
    return this.known(undefined, () => this.send('forgetFunction', functionId));
  }

  override retainFunctions(functionIds: readonly string[]): Promise<void> {
    return this.known(undefined, () => this.send('retainFunctions', functionIds));
  }

  override claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number): Promise<CallClaim> {
    return this.ask('claimCall', claim, callId, leaseMs);
  }

  override answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null): Promise<void> {
    return this.known(undefined, () => this.send('answerCall', claim, callId, result));
  }

  override positions(): Promise<readonly SchedulePosition[]> {
    return this.known([], () => this.ask('positions'));
  }

  override advance(position: SchedulePosition): Promise<void> {
    return this.send('advance', position);
  }

  override forgetSchedule(scheduleId: string): Promise<void> {
    return this.known(undefined, () => this.send('forgetSchedule', scheduleId));
  }

  override close(): Promise<void> {
    return this.client.close();
  }

  /** What the store answers while it holds nothing, without asking it. */
  private known<T>(ofNothing: T, ask: () => Promise<T>): Promise<T> {
    return this.isEmpty ? Promise.resolve(ofNothing) : ask();
  }

  /** For whoever somebody waits for. */
  private ask<Name extends OperationOf<EventStore>>(
    operation: Name,
    ...values: ArgumentsOf<EventStore, Name>
  ): Promise<ResultOf<EventStore, Name>> {
    this.isEmpty = false;
    return this.client.ask(operation, ...values);
  }

  /** For whoever must know what came of it. */
  private send<Name extends OperationOf<EventStore>>(
    operation: Name,
    ...values: ArgumentsOf<EventStore, Name>
  ): Promise<ResultOf<EventStore, Name>> {
    this.isEmpty = false;
    return this.client.send(operation, ...values);
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from '../../../storage/sqlite/group-commit.js';
import { openDatabase } from '../../../storage/sqlite/open-database.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import { Statements } from '../../../storage/sqlite/statements.js';
import type { EventId, EventRecord, EventResult } from '../../event.js';
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
} from '../event-store.js';
import { type ClockReading, StoreClock, type StoreTime } from '../store-clock.js';
import { eventsHistory } from './event-database.js';
import { EventLeases } from './event-leases.js';
import { EventList } from './event-list.js';
import { EventTable } from './event-table.js';
import { Forgetting } from './forgetting.js';
import { IdempotencyTable } from './idempotency-table.js';
import { KeptRoom } from './kept-room.js';
import { ScheduleTable } from './schedule-table.js';

/** Nobody but the server opens this file; somebody who looks into it with another program may hold it for moments. */
const lockTimeoutMs = 1000;

/** Events in one SQLite file. Everything in it blocks, so it runs in a thread of its own. */
export class SqliteEventStore extends EventStore {
  private readonly commits: GroupCommit;
  private readonly statements: Statements;
  private readonly clock: StoreClock;
  private readonly table: EventTable;
  private readonly leases: EventLeases;
  private readonly events: EventList;
  private readonly keys: IdempotencyTable;
  private readonly schedules: ScheduleTable;
  private readonly forgetting: Forgetting;
  private readonly room: KeptRoom;

  constructor(
    private readonly database: DatabaseSync,
    budget: EventBudget,
    private readonly readClocks: () => ClockReading,
  ) {
    super();
    this.statements = new Statements(database);
    this.clock = new StoreClock(keptTime(database));
    this.commits = new GroupCommit(database, () => {
      this.keepTime();
    });
    this.table = new EventTable(this.statements, budget);
    this.leases = new EventLeases(this.statements, this.table);
    this.events = new EventList(this.statements);
    this.keys = new IdempotencyTable(
      this.statements,
      (id) => this.table.functionNumber(id),
      budget.answerBytes,
    );
    this.schedules = new ScheduleTable(this.statements);
    this.forgetting = new Forgetting(this.statements);
    this.room = new KeptRoom(this.statements, this.table, budget);
  }

  /** Rejects with a `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */
  static async open(
    file: string,
    budget: EventBudget,
    readClocks: () => ClockReading,
  ): Promise<SqliteEventStore> {
    const database = await openDatabase(file, eventsHistory, { lockTimeoutMs, mayCreate: true });
    return new SqliteEventStore(database, budget, readClocks);
  }

  override accept(acceptance: Acceptance): Promise<Accepted> {
    return this.change((time) => this.acceptIn(acceptance, time));
  }

  private acceptIn(acceptance: Acceptance, time: StoreTime): Accepted {
    const { event, idempotency, firing } = acceptance;
    if (this.table.row(event.id)) return { kind: 'accepted' };
    const key = idempotency && this.keys.firstEvent(idempotency, time);
    const first = key && this.table.find(key.id, time);
    if (first) return key.isSame ? { kind: 'same', event: first } : { kind: 'different' };
    if (firing && this.schedules.hasFired(firing)) return { kind: 'fired' };
    const full = this.table.full(acceptance);
    if (full) return full;
    this.table.insert(event, time);
    if (idempotency) this.keys.keepEvent(idempotency, event.id, time);
    if (firing) this.schedules.fire(firing, event.id);
    return { kind: 'accepted' };
  }

  override claim(query: ClaimQuery): Promise<readonly ClaimedEvent[]> {
    return this.change((time) => this.leases.claim(query, time));
  }

  override claimExpired(claimant: Claimant): Promise<readonly ClaimedEvent[]> {
    return this.change((time) => this.leases.claimExpired(claimant, time));
  }

  override renew(owner: string, eventIds: readonly EventId[], leaseMs: number): Promise<readonly EventId[]> {
    return this.change((time) => this.leases.renew(owner, eventIds, leaseMs, time));
  }

  override settle(settlement: Settlement): Promise<boolean> {
    return this.change((time) => this.leases.settle(settlement, time));
  }

  override releaseLost(owner: string | null): Promise<number> {
    return this.change((time) => this.leases.release(owner, time));
  }

  override find(id: EventId): Promise<EventRecord | undefined> {
    return this.read((time) => this.table.find(id, time));
  }

  override result(id: EventId): Promise<EventResult | undefined> {
    return this.read((time) => this.table.result(id, time));
  }

  override list(query: EventQuery): Promise<EventPage> {
    return this.read((time) => this.events.page(query, time));
  }

  override retry(id: EventId, expiresAtMs: number): Promise<boolean> {
    return this.change((time) => {
      const row = this.table.row(id);
      if (!row || row['state'] === 'running' || row['state'] === 'succeeded') return false;
      this.table.restart(row, expiresAtMs, time);
      return true;
    });
  }

  override retryAll(
    { functionIds, states }: EventFilter,
    expiresAtMs: number,
    limit: number,
  ): Promise<number> {
    return this.change((time) => {
      const waiting = states.filter((state) => state === 'queued' || state === 'failed');
      const dead = states.filter((state) => state === 'dead');
      const rows = [
        ...this.events.oldest({ functionIds, states: dead }, limit),
        ...this.events.later({ functionIds, states: waiting }, time, limit),
      ].slice(0, limit);
      for (const row of rows) this.table.restart(row, expiresAtMs, time);
      return rows.length;
    });
  }

  override delete(id: EventId): Promise<boolean> {
    return this.change((time) => {
      const row = this.table.row(id);
      if (row) this.table.remove([row], time);
      return row !== undefined;
    });
  }

  override purge({ functionIds, states }: EventFilter, limit: number): Promise<number> {
    return this.change((time) => {
      const filter = { functionIds, states: states.filter((state) => state !== 'running') };
      const rows = this.events.oldest(filter, limit);
      this.table.remove(rows, time);
      return rows.length;
    });
  }

  override depths(): Promise<readonly QueueDepth[]> {
    return this.read((time) => this.events.depths(time));
  }

  override queuedBytes(): Promise<number> {
    return this.read(() => this.table.queuedBytes());
  }

  override keptBytes(): Promise<number> {
    return this.read(() => this.table.keptBytes());
  }

  override answerBytes(): Promise<number> {
    return this.read(() => this.keys.bytes());
  }

  override forgetExpired(limit: number): Promise<Forgotten> {
    return this.change((time) => {
      const isMoreExpired = this.forgetting.expired(limit, time);
      const { mayBeMore, dropped } = this.room.make(limit);
      return { mayBeMore: isMoreExpired || mayBeMore, dropped };
    });
  }

  override async forgetFunction(functionId: string): Promise<void> {
    // Each step is a change of its own, and others have their turn between them.
    while (await this.change(() => this.forgetting.functionStep(functionId)));
  }

  override async retainFunctions(functionIds: readonly string[]): Promise<void> {
    const kept = new Set(functionIds);
    const known = await this.read(() => this.forgetting.functionIds());
    for (const functionId of known) {
      if (!kept.has(functionId)) await this.forgetFunction(functionId);
    }
  }

  override claimCall(claim: IdempotencyClaim, callId: string, leaseMs: number): Promise<CallClaim> {
    return this.change((time) => this.keys.claimCall(claim, callId, leaseMs, time));
  }

  override answerCall(claim: IdempotencyClaim, callId: string, result: EventResult | null): Promise<void> {
    return this.change((time) => {
      this.keys.answerCall(claim, callId, result, time);
    });
  }

  override positions(): Promise<readonly SchedulePosition[]> {
    return this.read(() => this.schedules.all());
  }

  override advance(position: SchedulePosition): Promise<void> {
    return this.change(() => {
      this.schedules.advance(position);
    });
  }

  override forgetSchedule(scheduleId: string): Promise<void> {
    return this.change(() => {
      this.schedules.forget(scheduleId);
    });
  }

  /** After everything that was asked for. */
  override close(): Promise<void> {
    this.commits.flush();
    this.database.close();
    return Promise.resolve();
  }

  /** At the time when it was asked for: a step of the clock before the commit would make the times in the question wrong. */
  private change<T>(work: (time: StoreTime) => T): Promise<T> {
    const time = this.now();
    return this.commits.run(() => work(time));
  }

  /** SQLite answers at once; the port promises, and fails in its own words. */
  private read<T>(work: (time: StoreTime) => T): Promise<T> {
    const attempted = new Promise<T>((resolve) => {
      resolve(work(this.now()));
    });
    return attempted.catch((error: unknown) => {
      throw storageErrorOf(error);
    });
  }

  private now(): StoreTime {
    return this.clock.read(this.readClocks());
  }

  /** With each change, so that the time never goes back. */
  private keepTime(): void {
    const { nowMs, aheadMs } = this.now();
    this.statements.run('UPDATE store SET now = ?, ahead = ?', nowMs, aheadMs);
  }
}

function keptTime(database: DatabaseSync): StoreTime | undefined {
  const row = database.prepare('SELECT now, ahead FROM store').get();
  const nowMs = Number(row?.['now']);
  return nowMs === 0 ? undefined : { nowMs, aheadMs: Number(row?.['ahead']) };
}

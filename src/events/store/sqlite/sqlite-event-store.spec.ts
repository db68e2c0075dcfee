import { strangers } from '../../../common/auth/caller.js';
import { DatabaseSync } from 'node:sqlite';
import type { Fault } from '../../../../test/contract/function-store.contract.js';
import { ManualClock } from '../../../../test/fakes/manual-clock.js';
import {
  acceptance,
  acceptedAtMs,
  claimQuery,
  clockReading,
  death,
  endedAttempt,
  eventResult,
  idempotencyClaim,
  newEvent,
  settlement,
  generousBudget,
} from '../../../../test/support/builders/events.js';
import { FaultyDatabase } from '../../../../test/support/faulty-database.js';
import type { ClaimedEvent, EventStore } from '../event-store.js';
import { eventsHistory } from './event-database.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/** A store in memory of which a statement fails, with events of each state in it. */
class FaultyStore {
  readonly real = new DatabaseSync(':memory:');
  readonly faulty: FaultyDatabase;
  readonly store: EventStore;
  claimed: readonly ClaimedEvent[] = [];

  constructor() {
    for (const migration of eventsHistory.migrations) this.real.exec(migration);
    this.faulty = new FaultyDatabase(this.real);
    const clock = new ManualClock();
    const budget = { ...generousBudget, keptBytes: 1000, functionKeptBytes: 500, answerBytes: 150 };
    this.store = new SqliteEventStore(this.faulty.database, budget, () => clockReading(clock));
  }

  async fill(): Promise<this> {
    const { store } = this;
    for (const id of ['dead', 'running', 'ordered', 'next']) {
      const orderingKey = id === 'ordered' || id === 'next' ? 'k' : null;
      const keyId = id === 'dead' || id === 'ordered' ? strangers : 'key-1';
      await store.accept(acceptance(id, { orderingKey, keyId }));
    }
    const invocationIds = ['i-1', 'i-2', 'i-3'];
    this.claimed = await store.claim(claimQuery({ limit: 3, invocationIds }));
    await store.settle(death(this.claimed[0]!));
    await store.accept(acceptance('queued', { keyId: strangers }));
    await store.claimCall(idempotencyClaim({ key: 'answered' }), 'c-0', 1000);
    await store.answerCall(idempotencyClaim({ key: 'answered' }), 'c-0', eventResult);
    await store.claimCall(idempotencyClaim(), 'c-1', 1000);
    return this;
  }

  /** Everything there is, but for the numbers that SQLite gives. */
  contents(): unknown {
    const rows = (sql: string) => this.real.prepare(sql).all();
    return ['store', 'functions', 'events', 'requests', 'results', 'idempotency_keys', 'schedules'].map(
      (table) => rows(`SELECT * FROM ${table} ORDER BY 1`),
    );
  }

  /** What the totals say, and what counting says. */
  totals(): readonly [unknown, unknown] {
    const states = ['queued', 'running', 'failed', 'succeeded', 'dead'];
    const ofStranger = `json_extract(about, '$.keyId') = 'strangers'`;
    const counted = states.map(
      (state) => `(SELECT count(*) FROM events WHERE function = number AND state = '${state}') AS ${state}`,
    );
    const bytes = [
      `(SELECT coalesce(sum(request_bytes), 0) FROM events WHERE ended_at IS NULL) AS queued_bytes`,
      `(SELECT coalesce(sum(request_bytes), 0) FROM events WHERE function = number AND ended_at IS NULL) AS function_bytes`,
      `(SELECT count(*) FROM events WHERE function = number AND ${ofStranger} AND state IN ('queued', 'failed')) AS strangers`,
      `(SELECT coalesce(sum(request_bytes), 0) FROM events WHERE function = number AND ${ofStranger} AND ended_at IS NULL)
         AS strangers_bytes`,
      `(SELECT coalesce(sum(kept_bytes), 0) FROM events WHERE function = number) AS of_function`,
      `(SELECT coalesce(sum(kept_bytes), 0) FROM events) AS of_all`,
      `(SELECT coalesce(sum(answer_bytes), 0) FROM idempotency_keys) AS of_answers`,
    ].join(', ');
    const kept =
      'store.queued_bytes, functions.queued_bytes AS function_bytes, strangers, strangers_bytes, functions.kept_bytes AS of_function, store.kept_bytes AS of_all, store.answer_bytes AS of_answers';
    return [
      this.real.prepare(`SELECT ${states.join(', ')}, ${kept} FROM functions, store`).all(),
      this.real.prepare(`SELECT ${counted.join(', ')}, ${bytes} FROM functions`).all(),
    ];
  }
}

type Change = (store: EventStore, claimed: readonly ClaimedEvent[]) => Promise<unknown>;

const states = ['dead', 'queued'] as const;
const filter = { functionIds: ['f-hello'], states };
const position = { scheduleId: 'f-hello/s', definition: 'd', sinceMs: 1, lastDueMs: 2, lastEventId: null };
const full = {
  idempotency: idempotencyClaim(),
  firing: { scheduleId: 'f-hello/s', dueMs: 9 },
  orderingKey: 'k',
};

/** Each change that the store makes, and whether it may be sent again when its answer was lost. */
const changes: readonly (readonly [name: string, change: Change, isRepeatable: boolean])[] = [
  ['accept', (store) => store.accept(acceptance('new', full)), true],
  ['accept of a new function', (store) => store.accept(acceptance('new', { functionId: 'f-new' })), true],
  ['claim', (store) => store.claim(claimQuery({ limit: 2, invocationIds: ['i-4', 'i-5'] })), false],
  ['renew', (store) => store.renew('here', ['running', 'ordered'], 99), true],
  [
    'settle',
    (store, [, running]) => {
      const followUpEvent = { event: newEvent('follows'), maxQueued: 9 };
      const followUp = { functionName: 'hello', eventId: 'follows', refusal: null };
      return store.settle(settlement(running!, { attempt: endedAttempt(running!), followUp, followUpEvent }));
    },
    true,
  ],
  ['settle, and pass the turn on', (store, [, , ordered]) => store.settle(settlement(ordered!)), true],
  ['releaseLost', (store) => store.releaseLost('here'), false],
  ['retry', (store) => store.retry('dead', acceptedAtMs + 5), true],
  ['retryAll', (store) => store.retryAll(filter, acceptedAtMs + 5, 9), false],
  ['delete', (store) => store.delete('ordered'), false],
  ['purge', (store) => store.purge(filter, 9), false],
  ['forgetExpired, for lack of room', (store) => store.forgetExpired(9), true],
  ['claimCall', (store) => store.claimCall(idempotencyClaim({ key: 'another' }), 'c-2', 99), true],
  ['answerCall', (store) => store.answerCall(idempotencyClaim(), 'c-1', eventResult), true],
  ['advance', (store) => store.advance(position), true],
  ['forgetSchedule', (store) => store.forgetSchedule('f-hello/s'), true],
];

describe('a change that is broken off', () => {
  describe.each(changes)('%s', (_, change, isRepeatable) => {
    it.each<Fault>(['refused', 'lost before', 'lost after'])(
      'happens whole or not at all: %s',
      async (fault) => {
        const undisturbed = await new FaultyStore().fill();
        const before = undisturbed.contents();
        await change(undisturbed.store, undisturbed.claimed);
        const after = undisturbed.contents();
        for (let nth = 1; ; nth += 1) {
          const { store, faulty, ...tested } = await new FaultyStore().fill();
          const under = Object.assign(Object.create(FaultyStore.prototype) as FaultyStore, tested, {
            store,
            faulty,
          });
          faulty.breakNth(nth, fault);
          const outcome = await change(store, under.claimed).catch((error: unknown) => error);
          if (faulty.withdraw()) break;
          const code = fault === 'refused' ? 'INSUFFICIENT_STORAGE' : 'STORAGE_UNAVAILABLE';
          expect(outcome).toMatchObject({ code });
          const left = under.contents();
          if (fault === 'lost after') expect([before, after]).toContainEqual(left);
          else expect(left).toEqual(before);
          if (isRepeatable) {
            await change(store, under.claimed);
            expect(under.contents()).toEqual(after);
          }
          const [kept, counted] = under.totals();
          expect(kept).toEqual(counted);
        }
      },
    );
  });

  it.each<Fault>(['refused', 'lost before'])(
    'takes no other with it that came at the same time: %s',
    async (fault) => {
      for (let nth = 1; ; nth += 1) {
        const { store, faulty } = await new FaultyStore().fill();
        faulty.breakNth(nth, fault);
        const ids = ['x', 'y', 'z'];
        const outcomes = await Promise.allSettled(ids.map((id) => store.accept(acceptance(id))));
        if (faulty.withdraw()) break;
        const found = await Promise.all(ids.map((id) => store.find(id)));
        const accepted = outcomes.map(({ status }) => status === 'fulfilled');
        expect(found.map((event) => event !== undefined)).toEqual(accepted);
        expect([0, 2]).toContain(accepted.filter(Boolean).length);
      }
    },
  );
});

describe('a database of events from before answers were counted', () => {
  it('has what it had, which is counted now', async () => {
    const database = new DatabaseSync(':memory:');
    const [first, second, ...later] = eventsHistory.migrations;
    for (const migration of [first!, second!]) database.exec(migration);
    const until = acceptedAtMs + 86_400_000;
    database.exec(`
      INSERT INTO functions (number, id) VALUES (1, 'f-hello');
      INSERT INTO idempotency_keys (function, use, caller, key, fingerprint, until, answer, body)
        VALUES (1, 'call', 'key-1', 'once', 'same', ${until}, '{"status":200,"headers":{},"bodyBytes":3}', x'010203');
    `);
    for (const migration of later) database.exec(migration);
    expect(database.prepare('SELECT answer_bytes FROM store').get()).toEqual({ answer_bytes: 44 });
    const clock = new ManualClock();
    const store = new SqliteEventStore(database, generousBudget, () => clockReading(clock));
    await expect(store.claimCall(idempotencyClaim(), 'c', 1000)).resolves.toMatchObject({
      kind: 'answered',
      result: { status: 200, bodyBytes: 3 },
    });
    await store.close();
  });
});

describe('a database of events from before functions and strangers had shares of the queue', () => {
  it('has what it had, which is counted now', () => {
    const database = new DatabaseSync(':memory:');
    const [first, second, third, ...later] = eventsHistory.migrations;
    for (const migration of [first!, second!, third!]) database.exec(migration);
    database.exec("INSERT INTO functions (number, id) VALUES (1, 'f-hello'), (2, 'f-other')");
    const insert = database.prepare(
      'INSERT INTO events (id, function, state, about, request_bytes, accepted_at, expires) VALUES (?, ?, ?, ?, ?, 0, 0)',
    );
    const events = [
      ['queued', 'strangers', 1],
      ['failed', 'strangers', 2],
      ['running', 'strangers', 4],
      ['queued', 'key-1', 8],
      ['queued', null, 16],
      ['dead', 'strangers', 32],
    ] as const;
    for (const [index, [state, keyId, bytes]] of events.entries())
      insert.run(`e-${index}`, 1, state, JSON.stringify({ keyId }), bytes);
    for (const migration of later) database.exec(migration);
    const shares = 'SELECT queued_bytes, strangers, strangers_bytes FROM functions ORDER BY number';
    expect(database.prepare(shares).all()).toEqual([
      { queued_bytes: 31, strangers: 2, strangers_bytes: 7 },
      { queued_bytes: 0, strangers: 0, strangers_bytes: 0 },
    ]);
  });
});

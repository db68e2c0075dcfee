import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ManualClock } from '../../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../../test/fakes/recording-log.js';
import {
  acceptance,
  acceptedAtMs,
  claimQuery,
  clockReading,
  death,
  eventResult,
  idempotencyClaim,
  settlement,
  generousBudget,
} from '../../../../test/support/builders/events.js';
import { eventThread } from '../../../../test/support/threads.js';
import { type Clock, SystemClock } from '../../../common/time/clock.js';
import type { EventId } from '../../event.js';
import type { EventStore } from '../event-store.js';
import { SqliteEventStore } from '../sqlite/sqlite-event-store.js';
import { EventThread, ThreadEventStore } from './thread-event-store.js';

let directory: string;
let file: string;
let log: RecordingLog;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-events-'));
  file = join(directory, 'events.sqlite');
  log = new RecordingLog();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function storeOf({
  thread = eventThread,
  pending = 100,
  clock = new SystemClock(),
  more = {},
}: {
  thread?: EventThread;
  pending?: number;
  clock?: Clock;
  more?: object;
} = {}): ThreadEventStore {
  return new ThreadEventStore(
    thread,
    () => ({ file, budget: generousBudget, ...more }),
    { timeoutMs: 10_000, pending },
    clock,
    log,
  );
}

const hello = ['f-hello'];
const position = { scheduleId: 'f-hello/s', definition: 'd', sinceMs: 1, lastDueMs: 2, lastEventId: null };

/** Accepts an event, begins it, and ends it as asked. */
async function ended(store: EventStore, id: EventId, as: typeof settlement): Promise<unknown> {
  await store.accept(acceptance(id));
  const [claimed] = await store.claim(claimQuery({ invocationIds: [`i-${id}`] }));
  return store.settle(as(claimed!));
}

/** Everything that a store can be asked for, in this order. */
const operations: Record<Exclude<keyof EventStore, 'close'>, (store: EventStore) => Promise<unknown>> = {
  accept: (store) => store.accept(acceptance('a', { idempotency: idempotencyClaim() })),
  claim: (store) => store.claim(claimQuery({ invocationIds: ['i-a'] })),
  claimExpired: (store) => store.claimExpired(claimQuery({ invocationIds: ['i-old'] })),
  renew: (store) => store.renew('here', ['a', 'nobody'], 99),
  releaseLost: (store) => store.releaseLost('here'),
  settle: (store) => ended(store, 'b', settlement),
  find: async (store) => [await store.find('a'), await store.find('nobody')],
  result: async (store) => [await store.result('a'), await store.result('nobody')],
  list: (store) => store.list({ functionIds: hello, limit: 1 }),
  retry: async (store) => [await ended(store, 'c', death), await store.retry('c', acceptedAtMs + 9)],
  retryAll: async (store) => [
    await ended(store, 'd', death),
    await store.retryAll({ functionIds: hello, states: ['dead'] }, acceptedAtMs + 9, 9),
  ],
  depths: (store) => store.depths(),
  queuedBytes: (store) => store.queuedBytes(),
  keptBytes: (store) => store.keptBytes(),
  delete: async (store) => [await store.delete('a'), await store.delete('nobody')],
  purge: (store) => store.purge({ functionIds: hello, states: ['queued'] }, 1),
  forgetExpired: (store) => store.forgetExpired(9),
  claimCall: (store) => store.claimCall(idempotencyClaim(), 'c-1', 1000),
  answerCall: async (store) => {
    await store.answerCall(idempotencyClaim(), 'c-1', eventResult);
    return store.claimCall(idempotencyClaim(), 'c-2', 1000);
  },
  answerBytes: (store) => store.answerBytes(),
  advance: (store) => store.advance(position),
  positions: (store) => store.positions(),
  forgetSchedule: async (store) => {
    await store.forgetSchedule('f-hello/s');
    return store.positions();
  },
  forgetFunction: async (store) => {
    await store.forgetFunction('f-hello');
    return store.list({ limit: 9 });
  },
  retainFunctions: async (store) => {
    await store.accept(acceptance('e'));
    await store.retainFunctions([]);
    return store.list({ limit: 9 });
  },
};

async function answersOf(store: EventStore): Promise<unknown> {
  const answers: [string, unknown][] = [];
  for (const [name, ask] of Object.entries(operations)) answers.push([name, await ask(store)]);
  await store.close();
  return answers;
}

/** A thread that there is not: whatever needs it fails. */
const missing = new EventThread(new URL('./missing.mjs', import.meta.url));

describe('the thread of events', () => {
  it('answers whatever it is asked for as the store in it does, of which the contract is tested', async () => {
    const clock = new ManualClock();
    const direct = await SqliteEventStore.open(join(directory, 'direct.sqlite'), generousBudget, () =>
      clockReading(clock),
    );
    const store = storeOf({ clock });
    await store.open();
    expect(await answersOf(store)).toEqual(await answersOf(direct));
  });

  it('does not start before there is something to keep', async () => {
    const store = storeOf({ thread: missing });
    await store.open();
    await expect(store.depths()).resolves.toEqual([]);
    await expect(store.releaseLost('here')).resolves.toBe(0);
    await store.retainFunctions([]);
    await expect(store.accept(acceptance('a'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await store.close();
  });

  it('finds again what another server has acknowledged', async () => {
    const first = storeOf();
    await first.open();
    await first.accept(acceptance('a'));
    await first.close();
    const second = storeOf();
    await second.open();
    await expect(second.claim(claimQuery())).resolves.toMatchObject([{ id: 'a' }]);
    await second.close();
  });

  it('refuses a database that is damaged, says what to do, and leaves it as it was', async () => {
    writeFileSync(file, 'precious notes'.repeat(500));
    const store = storeOf();
    await expect(store.open()).rejects.toThrow(/events\.sqlite is damaged.*restore a backup/);
    expect(readFileSync(file, 'utf8')).toBe('precious notes'.repeat(500));
    expect(existsSync(`${file}.unusable`)).toBe(false);
    await store.close();
  });

  it('refuses to let more wait than it may', async () => {
    const store = storeOf({ pending: 1 });
    const first = store.accept(acceptance('a'));
    await expect(store.find('a')).rejects.toMatchObject({ code: 'OVERLOADED' });
    await first;
    await store.close();
  });

  it('tells the truth about what it has kept when it is killed in the middle of it, and starts again', async () => {
    const setUp = storeOf();
    await setUp.open();
    await setUp.accept(acceptance('first'));
    await setUp.close();
    const ending = new EventThread(
      new URL('../../../../test/support/ending-event-thread.mjs', import.meta.url),
    );
    const store = storeOf({ thread: ending, more: { endsAfter: 40 } });
    await store.open();
    await store.accept(acceptance('early'));
    const acknowledged = ['first', 'early'];
    const accepting = Array.from({ length: 60 }, async (_, index) => {
      await store.accept(acceptance(`e-${index}`));
      acknowledged.push(`e-${index}`);
    });
    const outcomes = await Promise.allSettled(accepting);
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failures.length).toBeGreaterThan(0);
    for (const { reason } of failures) expect(reason).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    const found = await Promise.all(acknowledged.map((id) => store.find(id)));
    expect(found).not.toContain(undefined);
    await store.close();
  });

  it('says so while another program holds the database up, keeps nothing of it, and works afterwards', async () => {
    const store = storeOf();
    await store.open();
    await store.accept(acceptance('a'));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.accept(acceptance('b'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    other.exec('ROLLBACK');
    other.close();
    await expect(store.find('b')).resolves.toBeUndefined();
    await expect(store.accept(acceptance('b'))).resolves.toEqual({ kind: 'accepted' });
    await store.close();
  });
});

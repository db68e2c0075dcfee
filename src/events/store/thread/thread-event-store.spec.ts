import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '../../../../test/contract/event-store.contract.js';
import { RecordingLog } from '../../../../test/fakes/recording-log.js';
import { acceptance, claimQuery } from '../../../../test/support/builders/events.js';
import { eventThread } from '../../../../test/support/threads.js';
import { type Clock, SystemClock } from '../../../common/time/clock.js';
import type { EventBudget } from '../event-store.js';
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

const generous = { queuedBytes: 1e9 };

function storeOf({
  thread = eventThread,
  pending = 100,
  budget = generous,
  clock = new SystemClock(),
}: {
  thread?: EventThread;
  pending?: number;
  budget?: EventBudget;
  clock?: Clock;
} = {}): ThreadEventStore {
  return new ThreadEventStore(thread, () => ({ file, budget }), { timeoutMs: 10_000, pending }, clock, log);
}

eventStoreContract('a thread of its own', async (clock, budget) => {
  const store = storeOf({ clock, budget });
  await store.open();
  return store;
});

/** A thread that there is not: whatever needs it fails. */
const missing = new EventThread(new URL('./missing.mjs', import.meta.url));

describe('the thread of events', () => {
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
});

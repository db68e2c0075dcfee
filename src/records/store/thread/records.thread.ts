/** The thread that owns the database of records: one request after the other, so that nothing else ever waits for it. */
import { workerData } from 'node:worker_threads';
import { isDamage } from '../../../storage/sqlite/sqlite-error.js';
import { sendFromThread, serveThread } from '../../../storage/thread/serve-thread.js';
import type { RecordBudget, RecordStore } from '../record-store.js';
import { openSettingAside } from '../sqlite/sqlite-record-store.js';

/** What the thread is started with. */
export interface RecordThreadData {
  readonly file: string;
  readonly budget: RecordBudget;
}

type Operations = Record<string, (...values: readonly unknown[]) => Promise<unknown>>;

const { file, budget } = workerData as RecordThreadData;

let store: RecordStore | undefined;

/** Opened with the first request that finds it closed: what stopped it then may be fixed now. */
async function opened(): Promise<RecordStore> {
  if (store) return store;
  const { store: fresh, setAside } = await openSettingAside(file, budget);
  if (setAside) sendFromThread({ kind: 'set-aside', ...setAside });
  store = fresh;
  return fresh;
}

async function serve(operation: string, values: readonly unknown[]): Promise<unknown> {
  try {
    const operations = (await opened()) as unknown as Operations;
    return await operations[operation]?.(...values);
  } catch (error) {
    // The next request opens it again, which finds the damage and creates a new one.
    if (error instanceof Error && isDamage(error.cause)) await close();
    throw error;
  }
}

async function close(): Promise<void> {
  await store?.close();
  store = undefined;
}

let queue: Promise<unknown> = Promise.resolve();

/** After everything that was asked for before, whatever became of it. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = queue.then(work);
  queue = done.catch(() => undefined);
  return done;
}

serveThread({
  serve: (operation, values) => inTurn(() => serve(operation, values)),
  close: () => inTurn(close),
});

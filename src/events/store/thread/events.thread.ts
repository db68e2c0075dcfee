/** The thread that owns the database of events. Requests are served as they come, so that changes share a write to the disk. */
import { workerData } from 'node:worker_threads';
import { serveThread } from '../../../storage/thread/serve-thread.js';
import type { EventBudget } from '../event-store.js';
import { SqliteEventStore } from '../sqlite/sqlite-event-store.js';
import type { ClockReading } from '../store-clock.js';

/** What the thread is started with. */
export interface EventThreadData {
  readonly file: string;
  readonly budget: EventBudget;
}

type Operations = Record<string, (...values: readonly unknown[]) => Promise<unknown>>;

const { file, budget } = workerData as EventThreadData;

/** What the clocks showed when the newest request was made. */
let reading: ClockReading;
let opening: Promise<SqliteEventStore> | undefined;

/** Opened with the first request that finds it closed: what stopped it then may be fixed now. */
function opened(): Promise<SqliteEventStore> {
  opening ??= SqliteEventStore.open(file, budget, () => reading).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

serveThread({
  serve: async (operation, values, context) => {
    reading = context as ClockReading;
    const operations = (await opened()) as unknown as Operations;
    return operations[operation]?.(...values);
  },
  close: async () => {
    await (await opening?.catch(() => undefined))?.close();
  },
});

/** The thread that owns the database of records: one request after the other, so that nothing else ever waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { isDamage } from '../../../storage/sqlite/sqlite-error.js';
import type { RecordStore } from '../record-store.js';
import { openSettingAside } from '../sqlite/sqlite-record-store.js';
import {
  sentErrorOf,
  type Operation,
  type RecordThreadData,
  type ThreadMessage,
  type ThreadRequest,
} from './thread-message.js';

const { file, budget } = workerData as RecordThreadData;

let store: RecordStore | undefined;

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

/** Opened with the first request that finds it closed: what stopped it then may be fixed now. */
async function opened(): Promise<RecordStore> {
  if (store) return store;
  const { store: fresh, setAside } = await openSettingAside(file, budget);
  if (setAside) send({ kind: 'set-aside', ...setAside });
  store = fresh;
  return fresh;
}

async function serve({ number, operation, argument }: ThreadRequest): Promise<void> {
  try {
    const operations = (await opened()) as unknown as Record<
      Operation,
      (argument: unknown) => Promise<unknown>
    >;
    send({ kind: 'done', number, value: await operations[operation](argument) });
  } catch (error) {
    send({ kind: 'failed', number, error: sentErrorOf(error) });
    // The next request opens it again, which finds the damage and creates a new one.
    if (error instanceof Error && isDamage(error.cause)) await closeDamaged();
  }
}

async function closeDamaged(): Promise<void> {
  await store?.close();
  store = undefined;
}

let queue = Promise.resolve();

parentPort?.on('message', (request: ThreadRequest | 'close') => {
  queue = queue.then(async () => {
    if (request !== 'close') return serve(request);
    await store?.close();
    parentPort?.close();
  });
});

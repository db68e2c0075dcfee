import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contractBudget, recordStoreContract } from '../../../../test/contract/record-store.contract.js';
import { RecordingLog } from '../../../../test/fakes/recording-log.js';
import { invocationRecord, logLine, recordBatch } from '../../../../test/support/builders/calls.js';
import { recordThread } from '../../../../test/support/threads.js';
import { SystemClock } from '../../../common/time/clock.js';
import { RecordThread, ThreadRecordStore } from './thread-record-store.js';

let directory: string;
let file: string;
let log: RecordingLog;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-records-'));
  file = join(directory, 'records.sqlite');
  log = new RecordingLog();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function storeOf({
  thread = recordThread,
  pending = 16,
  at = file,
  budget = contractBudget,
} = {}): ThreadRecordStore {
  const limits = { timeoutMs: 10_000, pending };
  return new ThreadRecordStore(thread, () => ({ file: at, budget }), limits, new SystemClock(), log);
}

recordStoreContract('a thread of its own', async (budget) => storeOf({ budget }));

const batch = recordBatch({ lines: [logLine(1)], invocations: [invocationRecord('i-1')] });

describe('the thread of records', () => {
  it('sets aside a database that cannot be used, says so, and begins a new one', async () => {
    writeFileSync(file, 'precious notes'.repeat(500));
    const store = storeOf();
    await store.write(batch);
    await expect(store.newestSequence()).resolves.toBe(1);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { file: `${file}.unusable` } }]);
    await store.close();
  });

  it('says that the store is unavailable where it cannot be opened, and serves when it can', async () => {
    const nowhere = join(directory, 'missing', 'records.sqlite');
    const store = storeOf({ at: nowhere });
    await expect(store.write(batch)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await store.close();
  });

  it('keeps nothing of a batch that another program holds up for too long, and works afterwards', async () => {
    const store = storeOf();
    await store.write(batch);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.write(recordBatch({ lines: [logLine(2)] }))).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    other.exec('ROLLBACK');
    other.close();
    await store.write(recordBatch({ lines: [logLine(3)] }));
    await expect(store.newestSequence()).resolves.toBe(3);
    await store.close();
  });

  it('refuses to let more wait than it may', async () => {
    const store = storeOf({ pending: 1 });
    const first = store.invocation('i-1');
    await expect(store.invocation('i-1')).rejects.toMatchObject({ code: 'OVERLOADED' });
    await first;
    await store.invocation('i-1');
    await store.close();
  });

  it('does the work of the server itself however many requests wait', async () => {
    const store = storeOf({ pending: 1 });
    const reading = store.invocation('i-1');
    await Promise.all([store.write(batch), store.forget('f-1'), store.retain([]), store.newestSequence()]);
    await reading;
    await store.close();
  });

  it('says that the store is unavailable when the thread ends, and starts another', async () => {
    const store = storeOf({ thread: new RecordThread(new URL('./missing.mjs', import.meta.url)) });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(store.newestSequence()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    }
    expect(log.messagesAt('error')).toHaveLength(2);
    await store.close();
  });
});

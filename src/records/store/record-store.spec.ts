import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contractBudget, recordStoreContract } from '../../../test/contract/record-store.contract.js';
import { InMemoryRecordStore } from '../../../test/fakes/in-memory-record-store.js';
import { invocationRecord, logLine, recordBatch } from '../../../test/support/builders/calls.js';
import { openDatabase } from '../../storage/sqlite/open-database.js';
import { openSettingAside, recordsHistory, SqliteRecordStore } from './sqlite/sqlite-record-store.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-records-'));
  file = join(directory, 'records.sqlite');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

recordStoreContract('the in-memory fake', async (budget) => new InMemoryRecordStore(budget));
recordStoreContract('SQLite', async (budget) => SqliteRecordStore.open(file, budget));

const batch = recordBatch({ lines: [logLine(1)], invocations: [invocationRecord('i-1')] });

describe('the database of records', () => {
  it('can be read by its owner only, and is found again within its budget', async () => {
    const first = await SqliteRecordStore.open(file, contractBudget);
    await first.write(batch);
    await first.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await SqliteRecordStore.open(file, { ...contractBudget, invocations: 1 });
    await second.write(recordBatch({ invocations: [invocationRecord('i-2')] }));
    await expect(second.invocations({ limit: 9 })).resolves.toEqual([invocationRecord('i-2')]);
    await expect(second.newestSequence()).resolves.toBe(1);
    await second.close();
  });

  it('has what a killed process had written', async () => {
    const killed = await SqliteRecordStore.open(file, contractBudget);
    await killed.write(batch);
    // Not closed: the log is not folded back into the file, as after kill -9.
    const next = await SqliteRecordStore.open(file, contractBudget);
    await expect(next.invocation('i-1')).resolves.toEqual(invocationRecord('i-1'));
    await next.close();
    await killed.close();
  });

  it('does not wait for the disk', async () => {
    const connection = await openDatabase(file, recordsHistory, { lockTimeoutMs: 20, mayCreate: true });
    const store = new SqliteRecordStore(connection, contractBudget);
    expect(connection.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
    await store.close();
  });

  it('drops a batch that finds the disk full as a whole, and goes on when there is room again', async () => {
    const connection = await openDatabase(file, recordsHistory, { lockTimeoutMs: 20, mayCreate: true });
    const budget = { ...contractBudget, logBytesPerFunction: 1e6, logBytes: 1e6 };
    const opened = new SqliteRecordStore(connection, budget);
    connection.exec('PRAGMA max_page_count = 20');
    const large = recordBatch({ lines: [logLine(1), logLine(2, { text: 'x'.repeat(200_000) })] });
    await expect(opened.write(large)).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
    await expect(opened.lines({ functionId: 'f-hello', limit: 9 })).resolves.toEqual({
      lines: [],
      next: null,
    });
    connection.exec('PRAGMA max_page_count = 2000');
    await opened.write(large);
    await expect(opened.lines({ functionId: 'f-hello', limit: 9 })).resolves.toMatchObject({
      lines: [{}, {}],
    });
    await opened.close();
  });
});

describe('a database of records that cannot be used', () => {
  it.each([
    [
      'no database',
      () => {
        writeFileSync(file, 'precious notes'.repeat(500));
      },
      /damaged/,
    ],
    [
      "another program's",
      () => {
        const other = new DatabaseSync(file);
        other.exec('CREATE TABLE recipes (name TEXT)');
        other.close();
      },
      /another program/,
    ],
  ])('is set aside, and a new one begun: %s', async (_, make, reason) => {
    make();
    const before = readFileSync(file);
    const { store, setAside } = await openSettingAside(file, contractBudget);
    expect(setAside).toMatchObject({ reason: expect.stringMatching(reason) as string });
    expect(readFileSync(setAside!.file)).toEqual(before);
    await store.write(batch);
    await store.close();
    const again = await openSettingAside(file, contractBudget);
    expect(again.setAside).toBeUndefined();
    await again.store.close();
  });

  it('takes the place of one that was set aside before', async () => {
    for (const text of ['first', 'second']) {
      rmSync(file, { force: true });
      writeFileSync(file, text.repeat(1000));
      const { store } = await openSettingAside(file, contractBudget);
      await store.close();
    }
    expect(readFileSync(`${file}.unusable`, 'utf8')).toMatch(/^second/);
  });
});

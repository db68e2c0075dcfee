import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../../storage/sqlite/open-database.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import {
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
  type RecordBatch,
  type RecordBudget,
} from '../record-store.js';
import { InvocationTable } from './invocation-table.js';
import { LineTable } from './line-table.js';
import { recordsHistory } from './migrations.js';

/** Nobody but the server opens this file; somebody who looks into it with another program may hold it for moments. */
const lockTimeoutMs = 1000;

/** Records in one SQLite file. Everything in it blocks, so it runs in a thread of its own. */
export class SqliteRecordStore extends RecordStore {
  private readonly lineTable: LineTable;
  private readonly invocationTable: InvocationTable;

  constructor(
    private readonly database: DatabaseSync,
    private readonly budget: RecordBudget,
  ) {
    super();
    // A power cut may cost the last writes, never the file; nobody waits for the disk.
    database.exec('PRAGMA synchronous = NORMAL');
    this.lineTable = new LineTable(database);
    this.invocationTable = new InvocationTable(database);
  }

  /** Rejects with a `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */
  static async open(file: string, budget: RecordBudget): Promise<SqliteRecordStore> {
    const database = await openDatabase(file, recordsHistory, { lockTimeoutMs, mayCreate: true });
    return new SqliteRecordStore(database, budget);
  }

  override write({ lines, invocations, usages }: RecordBatch): Promise<void> {
    return this.change(() => {
      this.lineTable.insert(lines);
      this.invocationTable.insert(invocations);
      for (const [id, usage] of usages) this.invocationTable.addUsage(id, usage);
      this.lineTable.evict(this.budget);
      this.invocationTable.evict(this.budget);
    });
  }

  override lines(query: LineQuery): Promise<LinePage> {
    return attempt(() => this.lineTable.find(query, this.budget));
  }

  override invocation(id: string): Promise<InvocationRecord | undefined> {
    return attempt(() => this.invocationTable.get(id));
  }

  override invocations(query: InvocationQuery): Promise<InvocationRecord[]> {
    return attempt(() => this.invocationTable.find(query));
  }

  override forget(functionId: string): Promise<void> {
    return this.change(() => {
      this.lineTable.forget(functionId);
      this.invocationTable.forget(functionId);
    });
  }

  override async retain(functionIds: readonly string[]): Promise<void> {
    const kept = new Set(functionIds);
    const known = new Set([...this.lineTable.functionIds, ...this.invocationTable.functionIds]);
    for (const functionId of known) {
      if (!kept.has(functionId)) await this.forget(functionId);
    }
  }

  override newestSequence(): Promise<number> {
    return attempt(() => this.lineTable.newestSequence());
  }

  override close(): Promise<void> {
    return attempt(() => {
      this.database.close();
    });
  }

  /** All of it happens, or nothing. */
  private change(work: () => void): Promise<void> {
    return attempt(() => {
      try {
        this.database.exec('BEGIN IMMEDIATE');
        work();
        this.database.exec('COMMIT');
      } catch (error) {
        this.undo();
        throw error;
      }
    });
  }

  private undo(): void {
    // SQLite has already rolled back by itself after some failures, a full disk among them.
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.lineTable.count();
    this.invocationTable.count();
  }
}

/** SQLite answers at once; the port promises, and fails in its own words. */
function attempt<T>(work: () => T): Promise<T> {
  const attempted = new Promise<T>((resolve) => {
    resolve(work());
  });
  return attempted.catch((error: unknown) => {
    throw storageErrorOf(error);
  });
}

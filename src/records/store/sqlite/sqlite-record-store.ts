import type { DatabaseSync } from 'node:sqlite';
import type { SchemaHistory } from '../../../storage/sqlite/schema-history.js';
import { createDatabase, DatabaseRefused, openDatabase } from '../../../storage/sqlite/open-database.js';
import { setAside } from '../../../storage/sqlite/set-aside.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import {
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
  type RecordBatch,
  type RecordBudget,
  RecordStore,
} from '../record-store.js';
import { InvocationTable } from './invocation-table.js';
import { LineTable } from './line-table.js';

/** "GLMR": records, told from the databases of functions and of keys. */
const applicationId = 0x474c4d52;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE log_lines (
    sequence      INTEGER PRIMARY KEY,
    function_id   TEXT    NOT NULL,
    function_name TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    revision      INTEGER NOT NULL,
    invocation_id TEXT,
    at            INTEGER NOT NULL,
    phase         TEXT    NOT NULL,
    stream        TEXT    NOT NULL,
    level         TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    is_cut        INTEGER NOT NULL,
    dropped_bytes INTEGER NOT NULL,
    budget_bytes  INTEGER NOT NULL
  ) STRICT;

  -- With the bytes in it, so that what a function holds is known without reading its lines.
  CREATE INDEX log_lines_by_function ON log_lines (function_id, sequence, budget_bytes);
  CREATE INDEX log_lines_by_invocation ON log_lines (invocation_id, sequence) WHERE invocation_id IS NOT NULL;

  CREATE TABLE invocations (
    position          INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT NOT NULL UNIQUE,
    function_id       TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    ended             TEXT NOT NULL CHECK (json_valid(ended)),
    memory_peak_bytes REAL,
    cpu_time_ms       REAL
  ) STRICT;

  CREATE INDEX invocations_by_function ON invocations (function_id, position);
  `,
  // Whatever is asked for, an index alone tells which calls these are: of a hundred thousand in some milliseconds.
  `
  ALTER TABLE invocations ADD COLUMN version INTEGER AS (ended ->> '$.function.version') VIRTUAL;
  ALTER TABLE invocations ADD COLUMN started_at INTEGER AS (ended ->> '$.startedAtMs') VIRTUAL;

  DROP INDEX invocations_by_function;
  CREATE INDEX invocations_by_function ON invocations (function_id, position, outcome, version, started_at);
  CREATE INDEX invocations_by_position ON invocations (position, outcome, version, started_at);
  `,
];

export const recordsHistory: SchemaHistory = { applicationId, migrations };

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

/** Makes the database where there is none yet. A failure is left to the thread: it meets the same one, and says so. */
export async function createRecordsDatabase(file: string): Promise<void> {
  await createDatabase(file, recordsHistory).catch(() => undefined);
}

interface OpenedRecords {
  readonly store: SqliteRecordStore;
  /** Where a file that could not be used is now, and why it could not; undefined where there was none. */
  readonly setAside: { readonly file: string; readonly reason: string } | undefined;
}

/**
 * Opens the database of records, or a new one where the file cannot be used: records are worth less than a server that
 * starts. The file is kept under another name; of such files the newest alone is.
 */
export async function openSettingAside(file: string, budget: RecordBudget): Promise<OpenedRecords> {
  try {
    return { store: await SqliteRecordStore.open(file, budget), setAside: undefined };
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error;
    const aside = setAside(file);
    const store = await SqliteRecordStore.open(file, budget);
    return { store, setAside: { file: aside, reason: error.message } };
  }
}

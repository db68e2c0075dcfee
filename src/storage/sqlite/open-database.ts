import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { InstallationError } from '../../common/installation/installation.js';
import { type SchemaHistory, schemaVersionOf } from './schema-history.js';
import { isDamage } from './sqlite-error.js';

export interface OpenOptions {
  /** How long one statement waits for another program's lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Whether an empty database may be made where there is none; not where it must have been lost. */
  readonly mayCreate: boolean;
}

/** The database file cannot be used. The message is for the operator: what is wrong, and what to do about it. */
export class DatabaseRefused extends InstallationError {
  override readonly name = 'DatabaseRefused';
}

/**
 * Opens the database and brings its schema up to date. A file that is damaged, that another program made or that a
 * newer Glambdar has migrated is refused and left as it was: an empty database in its place would make all functions
 * disappear.
 */
export async function openDatabase(
  file: string,
  history: SchemaHistory,
  options: OpenOptions,
): Promise<DatabaseSync> {
  // Made here rather than by SQLite, so that nobody else can read it; its log and index take over the mode.
  if (options.mayCreate) closeSync(openSync(file, 'a', 0o600));
  else if (!existsSync(file)) throw lost(file);
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${options.lockTimeoutMs}`);
    requireOwnFile(database, file, history, options.mayCreate);
    requireSound(database, file);
    configure(database);
    await bringUpToDate(database, history);
    return database;
  } catch (error) {
    database.close();
    if (isDamage(error)) throw damaged(file, { cause: error });
    throw error;
  }
}

/** Loads what migrates only where something is missing: the thread of records does without Kysely's 8 MiB otherwise. */
async function bringUpToDate(database: DatabaseSync, history: SchemaHistory): Promise<void> {
  if (schemaVersionOf(database) === history.migrations.length) return;
  const { migrate } = await import('./migrate.js');
  await migrate(database, history);
}

/**
 * Makes the database where there is none yet. A thread that owns it would make it too, but would keep in memory what only
 * that needs.
 */
export async function createDatabase(file: string, history: SchemaHistory): Promise<void> {
  if (existsSync(file)) return;
  (await openDatabase(file, history, { lockTimeoutMs: 0, mayCreate: true })).close();
}

/** Whether one of these tables has a row; true where that cannot be told, so that whoever opens it says why. */
export function holdsRows(file: string, tables: readonly string[]): boolean {
  const database = new DatabaseSync(file);
  try {
    return tables.some((table) => database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined);
  } catch {
    return true;
  } finally {
    database.close();
  }
}

function requireOwnFile(
  database: DatabaseSync,
  file: string,
  { applicationId, migrations }: SchemaHistory,
  mayCreate: boolean,
): void {
  const version = schemaVersionOf(database);
  const isEmpty = integerOf(database, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (isEmpty && version === 0) {
    if (mayCreate) return;
    throw lost(file);
  }
  if (integerOf(database, 'PRAGMA application_id') !== applicationId) {
    throw new DatabaseRefused(
      `The database ${file} belongs to another program. Set GLAMBDAR_DIR to a directory that only Glambdar uses.`,
    );
  }
  if (version > migrations.length) {
    throw new DatabaseRefused(
      `The database ${file} was written by a newer Glambdar (schema ${version}; this one knows ${migrations.length}). ` +
        'Start that version or a later one, or restore a backup from before the update.',
    );
  }
}

function requireSound(database: DatabaseSync, file: string): void {
  const findings = database.prepare('PRAGMA quick_check(1)').all();
  if (findings[0]?.['quick_check'] !== 'ok') throw damaged(file);
}

function lost(file: string): DatabaseRefused {
  return new DatabaseRefused(
    `The database ${file} is empty or missing although there is code of functions beside it. ` +
      'Restore it from a backup, or move the directory of the functions away to start anew.',
  );
}

function damaged(file: string, options?: ErrorOptions): DatabaseRefused {
  return new DatabaseRefused(
    `The database ${file} is damaged. Stop the server, keep a copy of the file and of those ending in -wal and -shm, ` +
      'and restore a backup.',
    options,
  );
}

function configure(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 1000;
  `);
}

function integerOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

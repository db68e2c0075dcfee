import type { Kysely } from 'kysely';
import type { StatementSync } from 'node:sqlite';
import { openDatabase } from '../../../storage/sqlite/open-database.js';
import { SqliteConnection } from '../../../storage/sqlite/sqlite-connection.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import type { AuditEntry } from '../../../common/audit/audit-trail.js';
import { authHistory } from './migrations.js';
import type { Schema } from './schema.js';

export interface AuthDatabaseOptions {
  /** How long a statement waits for another program's lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Entries beyond the newest so many are forgotten. */
  readonly maxAuditEntries: number;
}

/** The one SQLite file of keys and audit trail. */
export class AuthDatabase {
  private readonly connection: SqliteConnection<Schema>;
  private dataVersion: StatementSync | undefined;

  /** `file` is asked for when the database is opened. */
  constructor(
    file: () => string,
    private readonly options: AuthDatabaseOptions,
  ) {
    const { lockTimeoutMs } = options;
    this.connection = new SqliteConnection(() =>
      openDatabase(file(), authHistory, { lockTimeoutMs, mayCreate: true }),
    );
  }

  static async open(file: string, options: AuthDatabaseOptions): Promise<AuthDatabase> {
    const database = new AuthDatabase(() => file, options);
    await database.open();
    return database;
  }

  /** Rejects with a `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */
  open(): Promise<void> {
    return this.connection.open();
  }

  /**
   * SQLite's own count of what other connections have written to the file. Prepared once and asked directly, because a
   * call waits for it when it is the first in a second.
   */
  revision(): Promise<number> {
    return this.read(() => {
      this.dataVersion ??= this.connection.database.prepare('PRAGMA data_version');
      return Promise.resolve(Number(this.dataVersion.get()?.['data_version'] ?? 0));
    });
  }

  /** Rejects with a `DomainError` where the database is at fault. */
  async read<T>(work: (database: Kysely<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(this.connection.queries);
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  /** All of `work` happens, or nothing. */
  write<T>(work: (transaction: Kysely<Schema>) => Promise<T>): Promise<T> {
    return this.read((database) => database.transaction().execute(work));
  }

  /** Part of a transaction, so that the entry stands or falls with what it tells. */
  async append(transaction: Kysely<Schema>, { requestId, at, ...entry }: AuditEntry): Promise<void> {
    const { insertId } = await transaction
      .insertInto('audit')
      .values({ ...entry, request_id: requestId, at: at.getTime() })
      .executeTakeFirstOrThrow();
    const newestForgotten = Number(insertId) - this.options.maxAuditEntries;
    await transaction.deleteFrom('audit').where('sequence', '<=', newestForgotten).execute();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

import type { Generated, Kysely } from 'kysely';
import type { StatementSync } from 'node:sqlite';
import type { AuditEntry } from '../../../common/audit/audit-trail.js';
import type { SchemaHistory } from '../../../storage/sqlite/schema-history.js';
import { openDatabase } from '../../../storage/sqlite/open-database.js';
import { SqliteConnection } from '../../../storage/sqlite/sqlite-connection.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';

/** "GLMA": keys, sessions and the audit log, as opposed to the database of functions. */
const applicationId = 0x474c4d41;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE keys (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL CHECK (json_valid(scopes)),
    secret_hash  BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_on TEXT
  ) STRICT;

  CREATE TABLE audit (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    target     TEXT,
    outcome    TEXT    NOT NULL,
    request_id TEXT,
    address    TEXT
  ) STRICT;

  CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
  BEGIN
    SELECT RAISE(ABORT, 'an audit entry is never changed');
  END;
  `,
  `ALTER TABLE audit ADD COLUMN sha256 TEXT;`,
  // Null means no limit, as for all keys from before this column.
  `ALTER TABLE keys ADD COLUMN functions TEXT CHECK (functions IS NULL OR json_valid(functions));`,
  `
  CREATE TABLE sessions (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    key_id      TEXT    NOT NULL,
    secret_hash BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
  ) STRICT;
  `,
];

export const authHistory: SchemaHistory = { applicationId, migrations };

/** Times are milliseconds since the epoch, in UTC. */
export interface KeysTable {
  readonly position: Generated<number>;
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly scopes: string;
  /** JSON; null where the key is not limited to some functions. */
  readonly functions: string | null;
  readonly secret_hash: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_on: string | null;
}

export interface SessionsTable {
  readonly position: Generated<number>;
  readonly id: string;
  readonly key_id: string;
  readonly secret_hash: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface AuditTable {
  readonly sequence: Generated<number>;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly sha256: string | null;
  readonly outcome: string;
  readonly request_id: string | null;
  readonly address: string | null;
}

interface Schema {
  readonly keys: KeysTable;
  readonly sessions: SessionsTable;
  readonly audit: AuditTable;
}

export interface AuthDatabaseOptions {
  /** How long a statement waits for another program's lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Older entries beyond this number are deleted. */
  readonly maxAuditEntries: number;
}

/** The SQLite file of keys, sessions and the audit log. */
export class AuthDatabase {
  private readonly connection: SqliteConnection<Schema>;
  private dataVersion: StatementSync | undefined;

  /** `file` is called when the database is opened. */
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

  /** Part of a transaction, so that a change and its entry are written together or not at all. */
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

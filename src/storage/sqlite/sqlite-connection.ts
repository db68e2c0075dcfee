import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Gives Node's built-in SQLite the shape that Kysely's SQLite dialect asks for, so that no native addon is needed. */
export class NodeSqliteDatabase implements SqliteDatabase {
  constructor(private readonly database: DatabaseSync) {}

  close(): void {
    this.database.close();
  }

  prepare(sql: string): SqliteStatement {
    // SQLite has already rolled back by itself after some failures, a full disk among them. Kysely's own rollback
    // would then fail too, and hide the failure that matters.
    if (sql === 'rollback' && !this.database.isTransaction) return nothingToDo;
    const statement = this.database.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
      run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
      iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
    };
  }
}

const nothingToDo: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/** The one connection to a file, which is made before its file is opened. Kysely lets its users in one by one. */
export class SqliteConnection<Schema> {
  readonly queries: Kysely<Schema>;
  private connected: DatabaseSync | undefined;

  constructor(private readonly connect: () => Promise<DatabaseSync>) {
    const dialect = new SqliteDialect({
      database: () => Promise.resolve(new NodeSqliteDatabase(this.database)),
    });
    this.queries = new Kysely({ dialect });
  }

  /** For what Kysely has no words for. */
  get database(): DatabaseSync {
    if (!this.connected) throw new Error('The database is not open.');
    return this.connected;
  }

  /** Rejects as `connect` does. */
  async open(): Promise<void> {
    this.connected = await this.connect();
  }

  async close(): Promise<void> {
    await this.queries.destroy();
    // Kysely closes only what has been used, and a database that was only opened holds its lock as well.
    if (this.connected?.isOpen === true) this.connected.close();
  }
}

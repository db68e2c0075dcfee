import type { SqliteDatabase, SqliteStatement } from 'kysely';
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

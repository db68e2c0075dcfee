import { Kysely, SqliteDialect } from 'kysely';
import type { DatabaseSync } from 'node:sqlite';
import { NodeSqliteDatabase } from './node-sqlite-database.js';

/** The one connection to a file, which is made before its file is opened. Kysely lets its users in one by one. */
export class SqliteConnection<Schema> {
  readonly queries: Kysely<Schema>;
  private connected: DatabaseSync | undefined;

  constructor(private readonly connect: () => DatabaseSync) {
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

  /** Throws as `connect` does. */
  open(): void {
    this.connected = this.connect();
  }

  async close(): Promise<void> {
    await this.queries.destroy();
    // Kysely closes only what has been used, and a database that was only opened holds its lock as well.
    if (this.connected?.isOpen === true) this.connected.close();
  }
}

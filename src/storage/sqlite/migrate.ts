import { Kysely, SqliteDialect } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { DatabaseSync } from 'node:sqlite';
import { NodeSqliteDatabase } from './sqlite-connection.js';

/** What a database file has to hold. */
export interface SchemaHistory {
  /** Four bytes that tell the file from any other SQLite file (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** SQL, in the order in which it runs. What was once released is never edited; a change of the schema is a new entry. */
  readonly migrations: readonly string[];
}

/**
 * Brings the schema up to date in one transaction: all missing migrations, or none. The lock comes first, because another
 * program may be opening the same new file at this moment.
 */
export async function migrate(database: DatabaseSync, { migrations }: SchemaHistory): Promise<void> {
  if (schemaVersionOf(database) === migrations.length) return;
  const dialect = new SqliteDialect({ database: new NodeSqliteDatabase(database) });
  const migrator = new Migrator({
    db: new Kysely({ dialect }),
    provider: { getMigrations: () => Promise.resolve(migrationsOf(database, migrations)) },
    // Its own would begin only after it has made its tables.
    disableTransactions: true,
  });
  database.exec('BEGIN IMMEDIATE');
  const { error } = await migrator.migrateToLatest();
  // SQLite has rolled back by itself after some failures; whoever opens the file closes it after any.
  if (error !== undefined) throw error as Error;
  database.exec('COMMIT');
}

/** How many migrations the file has had. */
export function schemaVersionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/**
 * `user_version` counts the migrations as Kysely's table names them. A file from before that table has had as many as
 * the number says; and a Glambdar that knows only the number refuses a file that is newer than itself.
 */
function migrationsOf(database: DatabaseSync, migrations: readonly string[]): Record<string, Migration> {
  return Object.fromEntries(
    migrations.map((statements, index) => {
      const number = index + 1;
      const up = () => {
        if (schemaVersionOf(database) < number)
          database.exec(`${statements} PRAGMA user_version = ${number};`);
        return Promise.resolve();
      };
      // Kysely runs them in the order of their names.
      return [String(number).padStart(4, '0'), { up }];
    }),
  );
}

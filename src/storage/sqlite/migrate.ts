import { Kysely, SqliteDialect } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { DatabaseSync } from 'node:sqlite';
import { type SchemaHistory, schemaVersionOf } from './schema-history.js';
import { NodeSqliteDatabase } from './sqlite-connection.js';

/**
 * Brings the schema up to date in one transaction: all missing migrations, or none. The lock comes first, because another
 * program may be opening the same new file at this moment.
 */
export async function migrate(database: DatabaseSync, { migrations }: SchemaHistory): Promise<void> {
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

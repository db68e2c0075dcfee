import type { DatabaseSync } from 'node:sqlite';

/** What a database file has to hold. */
export interface SchemaHistory {
  /** Four bytes that tell the file from any other SQLite file (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** SQL, in the order in which it runs. What was once released is never edited; a change of the schema is a new entry. */
  readonly migrations: readonly string[];
}

/** How many migrations the file has had. */
export function schemaVersionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { DatabaseRefused, openDatabase } from '../../../storage/sqlite/open-database.js';
import { setAside } from '../../../storage/sqlite/set-aside.js';
import { storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import type { BuildStream } from '../../build-journal.js';
import {
  type BuildBudget,
  type BuildLine,
  type BuildQuery,
  type BuildRecord,
  BuildStore,
  bytesOf,
} from '../build-store.js';
import { buildsHistory } from './build-database.js';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Nobody but the server opens this file; somebody who looks into it with another program may hold it for moments. */
const lockTimeoutMs = 1000;

/**
 * Builds in one SQLite file. They are few, and their logs bounded, so it works in the server's own thread, and waits for
 * no disk.
 */
export class SqliteBuildStore extends BuildStore {
  private opened: DatabaseSync | undefined;

  constructor(private readonly budget: BuildBudget) {
    super();
  }

  /**
   * Opens the file, or a new one where it cannot be used: builds are worth less than a server that starts. Resolves to
   * where it is now, and why; undefined where it could be used.
   */
  async open(file: string): Promise<{ readonly file: string; readonly reason: string } | undefined> {
    try {
      this.use(await openDatabase(file, buildsHistory, { lockTimeoutMs, mayCreate: true }));
      return undefined;
    } catch (error) {
      if (!(error instanceof DatabaseRefused)) throw error;
      const aside = setAside(file);
      this.use(await openDatabase(file, buildsHistory, { lockTimeoutMs, mayCreate: true }));
      return { file: aside, reason: error.message };
    }
  }

  close(): void {
    this.opened?.close();
    this.opened = undefined;
  }

  override write(build: BuildRecord, lines: readonly BuildLine[], nowMs: number): Promise<readonly string[]> {
    return this.change((database) => {
      const position = put(database, build, lines);
      const insertion = database.prepare(
        'INSERT OR IGNORE INTO build_lines (build, number, at, stream, text) VALUES (?, ?, ?, ?, ?)',
      );
      for (const { number, atMs, stream, text } of lines) insertion.run(position, number, atMs, stream, text);
      return this.evict(database, build.functionName, nowMs);
    });
  }

  override build(id: string): Promise<BuildRecord | undefined> {
    return this.attempt((database) => {
      const row = database.prepare('SELECT build FROM builds WHERE id = ?').get(id);
      return row && recordOf(row);
    });
  }

  override lines(id: string): Promise<readonly BuildLine[]> {
    return this.attempt((database) =>
      database
        .prepare(
          `SELECT number, at, stream, text FROM build_lines
             WHERE build = (SELECT position FROM builds WHERE id = ?) ORDER BY number`,
        )
        .all(id)
        .map(lineOf),
    );
  }

  override builds({ functionName, limit }: BuildQuery): Promise<readonly BuildRecord[]> {
    const [condition, values] =
      functionName === undefined ? ['', []] : ['WHERE function_name = ?', [functionName]];
    return this.attempt((database) =>
      database
        .prepare(`SELECT build FROM builds ${condition} ORDER BY position DESC LIMIT ?`)
        .all(...values, limit)
        .map(recordOf),
    );
  }

  override remove(id: string): Promise<void> {
    return this.attempt((database) => {
      database.prepare('DELETE FROM builds WHERE id = ?').run(id);
    });
  }

  override forget(functionName: string): Promise<readonly string[]> {
    return this.attempt((database) =>
      deleted(database, 'function_name = ? AND has_ended = 1', [functionName]),
    );
  }

  private evict(database: DatabaseSync, functionName: string, nowMs: number): readonly string[] {
    const { builds, buildsPerFunction, logBytes, ageMs } = this.budget;
    // Newest first; what comes after so many, or after so many bytes, is too much.
    const beyond = (where: string, count: string) =>
      `position IN (SELECT position FROM (SELECT position, ${count} AS held FROM builds ${where}) WHERE held > ?)`;
    const counted = 'row_number() OVER (ORDER BY position DESC)';
    const weighed = 'sum(log_bytes) OVER (ORDER BY position DESC)';
    return [
      ...deleted(database, 'has_ended = 1 AND started_at < ?', [nowMs - ageMs]),
      ...deleted(database, `has_ended = 1 AND ${beyond('WHERE function_name = ?', counted)}`, [
        functionName,
        buildsPerFunction,
      ]),
      ...deleted(database, `has_ended = 1 AND ${beyond('', counted)}`, [builds]),
      ...deleted(database, `has_ended = 1 AND ${beyond('', weighed)}`, [logBytes]),
    ];
  }

  private use(database: DatabaseSync): void {
    // A power cut may cost the last writes, never the file; nobody waits for the disk.
    database.exec('PRAGMA synchronous = NORMAL');
    this.opened = database;
  }

  /** All of it happens, or nothing. */
  private change<T>(work: (database: DatabaseSync) => T): Promise<T> {
    return this.attempt((database) => {
      try {
        database.exec('BEGIN IMMEDIATE');
        const result = work(database);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite has already rolled back by itself after some failures, a full disk among them.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** SQLite answers at once; the port promises, and fails in its own words. */
  private attempt<T>(work: (database: DatabaseSync) => T): Promise<T> {
    const attempted = new Promise<T>((resolve) => {
      if (!this.opened) throw new Error('The database of builds is not open.');
      resolve(work(this.opened));
    });
    return attempted.catch((error: unknown) => {
      throw storageErrorOf(error);
    });
  }
}

function put(database: DatabaseSync, build: BuildRecord, lines: readonly BuildLine[]): number {
  const bytes = lines.reduce((sum, line) => sum + bytesOf(line), 0);
  const row = database
    .prepare(
      `INSERT INTO builds (id, function_name, started_at, has_ended, log_bytes, build) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
           has_ended = excluded.has_ended, log_bytes = log_bytes + excluded.log_bytes, build = excluded.build
         RETURNING position`,
    )
    .get(
      build.id,
      build.functionName,
      build.startedAtMs,
      build.endedAtMs === null ? 0 : 1,
      bytes,
      JSON.stringify(build),
    );
  return Number(row?.['position']);
}

function deleted(
  database: DatabaseSync,
  condition: string,
  values: readonly SQLInputValue[],
): readonly string[] {
  return database
    .prepare(`DELETE FROM builds WHERE ${condition} RETURNING id`)
    .all(...values)
    .map((row) => String(row['id']));
}

function recordOf(row: Row): BuildRecord {
  return JSON.parse(String(row['build'])) as BuildRecord;
}

function lineOf(row: Row): BuildLine {
  return {
    number: Number(row['number']),
    atMs: Number(row['at']),
    stream: row['stream'] as BuildStream,
    text: String(row['text']),
  };
}

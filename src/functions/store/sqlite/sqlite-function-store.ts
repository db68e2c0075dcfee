import type { DatabaseSync } from 'node:sqlite';
import { sql, type Kysely } from 'kysely';
import { SqliteConnection } from '../../../storage/sqlite/sqlite-connection.js';
import { isDuplicate, isInterruption, storageErrorOf } from '../../../storage/sqlite/sqlite-error.js';
import type { DeployedFunction, FunctionVersion } from '../../function.js';
import type { FunctionName } from '../../function-name.js';
import { hostTaken } from '../../hosts/function-domain.js';
import { builtInDefaults, type FunctionDefaults } from '../../settings/default-settings.js';
import {
  changesKept,
  FunctionStore,
  type ChangeOutcome,
  type InvocationCount,
  type NextRevision,
  type RecordedVersion,
} from '../function-store.js';
import {
  changeableColumns,
  deployedFunctionOf,
  functionRow,
  type Schema,
  versionOf,
  versionRow,
} from './schema.js';

/**
 * The records in one SQLite file. Its calls are synchronous underneath, so each is short: a row or two, or one
 * statement for all counts.
 */
export class SqliteFunctionStore extends FunctionStore {
  private readonly connection: SqliteConnection<Schema>;

  /** `lockTimeoutMs` is what `connect` opens it with; `defaults` stand in for settings nobody chose. */
  constructor(
    connect: () => Promise<DatabaseSync>,
    private readonly lockTimeoutMs: number,
    private readonly defaults: FunctionDefaults = builtInDefaults,
  ) {
    super();
    this.connection = new SqliteConnection(connect);
  }

  /** Rejects as `connect` does: a `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */
  open(): Promise<void> {
    return this.connection.open();
  }

  override insert(deployed: DeployedFunction): Promise<ChangeOutcome> {
    return this.change(async (transaction) => {
      await transaction.insertInto('functions').values(functionRow(deployed)).execute();
      await transaction.insertInto('versions').values(versionRow(deployed)).execute();
      await takeHosts(transaction, deployed);
      return 'done';
    });
  }

  override replace({ next, replaces, changeId, forgets = [] }: NextRevision): Promise<ChangeOutcome> {
    return this.change(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('functions')
        .set(changeableColumns(next))
        .where('id', '=', next.id)
        .where('revision', '=', replaces)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return 'conflict';
      await transaction
        .insertInto('versions')
        .values(versionRow(next))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await transaction
        .deleteFrom('versions')
        .where('function_id', '=', next.id)
        .where('id', 'in', forgets)
        .where('id', '!=', next.version.id)
        .execute();
      await transaction.deleteFrom('hosts').where('function_id', '=', next.id).execute();
      await takeHosts(transaction, next);
      await recordChange(transaction, next, changeId);
      return 'done';
    });
  }

  override remove({ id, revision }: Pick<DeployedFunction, 'id' | 'revision'>): Promise<ChangeOutcome> {
    return this.change(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('functions')
        .where('id', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 0n ? 'conflict' : 'done';
    });
  }

  override async hasChange(functionId: string, changeId: string): Promise<boolean> {
    const found = await translated(() =>
      this.connection.queries
        .selectFrom('changes')
        .select('revision')
        .where('function_id', '=', functionId)
        .where('id', '=', changeId)
        .executeTakeFirst(),
    );
    return found !== undefined;
  }

  override async find(functionId: string): Promise<DeployedFunction | undefined> {
    const row = await translated(() =>
      this.functionRows().where('functions.id', '=', functionId).executeTakeFirst(),
    );
    return row && deployedFunctionOf(row, this.defaults);
  }

  override async list(): Promise<DeployedFunction[]> {
    const rows = await translated(() => this.functionRows().orderBy('functions.position').execute());
    return rows.map((row) => deployedFunctionOf(row, this.defaults));
  }

  override async versions(functionId: string): Promise<FunctionVersion[]> {
    const rows = await translated(() =>
      this.connection.queries
        .selectFrom('versions')
        .selectAll()
        .where('function_id', '=', functionId)
        .orderBy('number')
        .execute(),
    );
    return rows.map(versionOf);
  }

  override async recordedVersions(): Promise<RecordedVersion[]> {
    const rows = await translated(() =>
      this.connection.queries
        .selectFrom('versions')
        .innerJoin('functions', 'functions.id', 'versions.function_id')
        .select(['functions.name', 'versions.id', 'versions.code_sha256', 'versions.code_bytes'])
        .execute(),
    );
    return rows.map(({ name, id, code_sha256, code_bytes }) => ({
      name: name as FunctionName,
      versionId: id,
      codeSha256: code_sha256,
      codeBytes: code_bytes,
    }));
  }

  override async addInvocations(counts: readonly InvocationCount[]): Promise<void> {
    const batch = JSON.stringify(
      counts.map(({ functionId, calls, lastInvokedAt }) => ({
        functionId,
        calls,
        at: lastInvokedAt.getTime(),
      })),
    );
    await this.withoutWaiting((connection) => addInvocations(batch).execute(connection));
  }

  override async recordLoad(functionId: string, revision: number, failure: string | null): Promise<void> {
    await this.withoutWaiting((connection) =>
      connection
        .updateTable('functions')
        .set({ load_failure: failure })
        .where('id', '=', functionId)
        .where('revision', '=', revision)
        .execute(),
    );
  }

  override async check(): Promise<void> {
    await this.withoutWaiting(async (connection) => {
      await sql`BEGIN IMMEDIATE`.execute(connection);
      await sql`ROLLBACK`.execute(connection);
    });
  }

  override close(): Promise<void> {
    return this.connection.close();
  }

  private functionRows() {
    return this.connection.queries
      .selectFrom('functions')
      .innerJoin('versions', 'versions.id', 'functions.current_version_id')
      .selectAll('functions')
      .select([
        'versions.number',
        'versions.sha256',
        'versions.code_sha256',
        'versions.code_bytes',
        'versions.file_count',
        'versions.published_by',
        'versions.published_with',
        'versions.created_at as version_created_at',
      ]);
  }

  /** One transaction. Rejects only where nothing was changed. */
  private async change(
    work: (transaction: Kysely<Schema>) => Promise<ChangeOutcome>,
  ): Promise<ChangeOutcome> {
    let isCommitting = false as boolean;
    try {
      return await this.connection.queries.transaction().execute(async (transaction) => {
        const outcome = await work(transaction);
        isCommitting = true;
        return outcome;
      });
    } catch (error) {
      if (isDuplicate(error, 'functions.name')) return 'conflict';
      if (isCommitting && isInterruption(error)) return 'unknown';
      throw storageErrorOf(error);
    }
  }

  /**
   * Counts, outcomes of loading and checks wait neither for the disk (a killed process loses nothing by that, only a power cut can) nor for
   * another program's lock: both would hold up every call. The counter brings again what was refused.
   */
  private withoutWaiting(work: (connection: Kysely<Schema>) => Promise<unknown>): Promise<void> {
    return translated(() =>
      this.connection.queries.connection().execute(async (connection) => {
        await sql`PRAGMA synchronous = NORMAL`.execute(connection);
        await sql`PRAGMA busy_timeout = 0`.execute(connection);
        try {
          await work(connection);
        } finally {
          await sql`PRAGMA synchronous = FULL`.execute(connection);
          await sql`PRAGMA busy_timeout = ${sql.lit(this.lockTimeoutMs)}`.execute(connection);
        }
      }),
    );
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageErrorOf(error);
  }
}

/** Throws `HOST_TAKEN`, which takes the transaction back. */
async function takeHosts(
  transaction: Kysely<Schema>,
  { id, settings }: Pick<DeployedFunction, 'id' | 'settings'>,
): Promise<void> {
  for (const host of settings.hosts) {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('hosts')
      .values({ host, function_id: id })
      .onConflict((conflict) => conflict.column('host').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) throw hostTaken(host);
  }
}

async function recordChange(
  transaction: Kysely<Schema>,
  { id, revision }: DeployedFunction,
  changeId: string,
): Promise<void> {
  await transaction.insertInto('changes').values({ function_id: id, revision, id: changeId }).execute();
  await transaction
    .deleteFrom('changes')
    .where('function_id', '=', id)
    .where('revision', '<=', revision - changesKept)
    .execute();
}

/** One statement is one transaction. */
const addInvocations = (batch: string) => sql`
  UPDATE functions
  SET invoke_count = invoke_count + added.calls,
      last_invoked_at = max(coalesce(last_invoked_at, 0), added.at)
  FROM (
    SELECT value ->> 'functionId' AS id, value ->> 'calls' AS calls, value ->> 'at' AS at FROM json_each(${batch})
  ) AS added
  WHERE functions.id = added.id`;

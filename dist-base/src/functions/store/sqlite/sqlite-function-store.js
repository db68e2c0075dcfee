import { Kysely, SqliteDialect, sql } from 'kysely';
import { NodeSqliteDatabase } from '../../../common/database/node-sqlite-database.js';
import { openDatabase } from '../../../common/database/open-database.js';
import { builtInDefaults } from '../../settings/default-settings.js';
import { FunctionStore } from '../function-store.js';
import { changeableColumns, deployedFunctionOf, functionRow, versionOf, versionRow } from './function-rows.js';
import { functionsHistory } from './migrations.js';
import { domainErrorOf } from './sqlite-error.js';
/**
 * The records in one SQLite file. Its calls are synchronous underneath, so each is short: a row or two, or one
 * statement for all counts. There is one connection; Kysely lets its users in one after the other.
 */ export class SqliteFunctionStore extends FunctionStore {
    lockTimeoutMs;
    defaults;
    database;
    /** `lockTimeoutMs` is what the connection was opened with; `defaults` stand in for settings nobody chose. */ constructor(connection, lockTimeoutMs, defaults = builtInDefaults){
        super(), this.lockTimeoutMs = lockTimeoutMs, this.defaults = defaults;
        this.database = new Kysely({
            dialect: new SqliteDialect({
                database: new NodeSqliteDatabase(connection)
            })
        });
    }
    /** Throws `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */ static open(file, options, defaults) {
        const connection = openDatabase(file, functionsHistory, options);
        return new SqliteFunctionStore(connection, options.lockTimeoutMs, defaults);
    }
    async insert(deployed) {
        await translated(()=>this.database.transaction().execute(async (transaction)=>{
                await transaction.insertInto('functions').values(functionRow(deployed)).execute();
                await transaction.insertInto('versions').values(versionRow(deployed)).execute();
            }));
    }
    replace(next) {
        return translated(()=>this.database.transaction().execute(async (transaction)=>{
                const { numUpdatedRows } = await transaction.updateTable('functions').set(changeableColumns(next)).where('id', '=', next.id).executeTakeFirstOrThrow();
                if (numUpdatedRows === 0n) return false;
                await transaction.insertInto('versions').values(versionRow(next)).onConflict((conflict)=>conflict.column('id').doNothing()).execute();
                return true;
            }));
    }
    async versions(functionId) {
        const rows = await translated(()=>this.database.selectFrom('versions').selectAll().where('function_id', '=', functionId).orderBy('number').execute());
        return rows.map(versionOf);
    }
    async recordedVersions() {
        const rows = await translated(()=>this.database.selectFrom('versions').innerJoin('functions', 'functions.id', 'versions.function_id').select([
                'functions.name',
                'versions.id',
                'versions.code_sha256',
                'versions.code_bytes'
            ]).execute());
        return rows.map(({ name, id, code_sha256, code_bytes })=>({
                name: name,
                versionId: id,
                codeSha256: code_sha256,
                codeBytes: code_bytes
            }));
    }
    async removeVersions(functionId, versionIds) {
        if (versionIds.length === 0) return;
        await translated(()=>this.database.deleteFrom('versions').where('function_id', '=', functionId).where('id', 'in', versionIds).where('id', 'not in', (query)=>query.selectFrom('functions').select('current_version_id')).execute());
    }
    async list() {
        const rows = await translated(()=>this.database.selectFrom('functions').innerJoin('versions', 'versions.id', 'functions.current_version_id').selectAll('functions').select([
                'versions.number',
                'versions.sha256',
                'versions.code_sha256',
                'versions.code_bytes',
                'versions.file_count',
                'versions.created_at as version_created_at'
            ]).orderBy('functions.position').execute());
        return rows.map((row)=>deployedFunctionOf(row, this.defaults));
    }
    async remove(functionId) {
        const { numDeletedRows } = await translated(()=>this.database.deleteFrom('functions').where('id', '=', functionId).executeTakeFirstOrThrow());
        return numDeletedRows > 0n;
    }
    async addInvocations(counts) {
        const batch = JSON.stringify(counts.map(({ functionId, calls, lastInvokedAt })=>({
                functionId,
                calls,
                at: lastInvokedAt.getTime()
            })));
        await this.withoutWaiting((connection)=>addInvocations(batch).execute(connection));
    }
    async check() {
        await this.withoutWaiting(async (connection)=>{
            await sql`BEGIN IMMEDIATE`.execute(connection);
            await sql`ROLLBACK`.execute(connection);
        });
    }
    async close() {
        // Kysely closes only what has been used, and a database that was only opened holds its lock as well.
        await this.check().catch(()=>undefined);
        await this.database.destroy();
    }
    /**
   * Counts and checks wait neither for the disk (a killed process loses nothing by that, only a power cut can) nor for
   * another program's lock: both would hold up every call. The counter brings again what was refused.
   */ withoutWaiting(work) {
        return translated(()=>this.database.connection().execute(async (connection)=>{
                await sql`PRAGMA synchronous = NORMAL`.execute(connection);
                await sql`PRAGMA busy_timeout = 0`.execute(connection);
                try {
                    await work(connection);
                } finally{
                    await sql`PRAGMA synchronous = FULL`.execute(connection);
                    await sql`PRAGMA busy_timeout = ${sql.lit(this.lockTimeoutMs)}`.execute(connection);
                }
            }));
    }
}
async function translated(work) {
    try {
        return await work();
    } catch (error) {
        throw domainErrorOf(error);
    }
}
/** One statement is one transaction. */ const addInvocations = (batch)=>sql`
  UPDATE functions
  SET invoke_count = invoke_count + added.calls,
      last_invoked_at = max(coalesce(last_invoked_at, 0), added.at)
  FROM (
    SELECT value ->> 'functionId' AS id, value ->> 'calls' AS calls, value ->> 'at' AS at FROM json_each(${batch})
  ) AS added
  WHERE functions.id = added.id`;

//# sourceMappingURL=sqlite-function-store.js.map
import { Kysely, SqliteDialect } from 'kysely';
import { NodeSqliteDatabase } from '../../../common/database/node-sqlite-database.js';
import { openDatabase } from '../../../common/database/open-database.js';
import { storageErrorOf } from '../../../common/database/sqlite-error.js';
import { accessHistory } from './migrations.js';
/** The one SQLite file of keys and audit trail. There is one connection; Kysely lets its users in one by one. */ export class AccessDatabase {
    database;
    dataVersion;
    maxAuditEntries;
    constructor(database, dataVersion, maxAuditEntries){
        this.database = database;
        this.dataVersion = dataVersion;
        this.maxAuditEntries = maxAuditEntries;
    }
    /** Throws `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */ static open(file, { lockTimeoutMs, maxAuditEntries }) {
        const connection = openDatabase(file, accessHistory, {
            lockTimeoutMs,
            mayCreate: true
        });
        const dialect = new SqliteDialect({
            database: new NodeSqliteDatabase(connection)
        });
        return new AccessDatabase(new Kysely({
            dialect
        }), connection.prepare('PRAGMA data_version'), maxAuditEntries);
    }
    /**
   * SQLite's own count of what other connections have written to the file. Prepared once and asked directly, because a
   * call waits for it when it is the first in a second.
   */ revision() {
        return this.read(()=>Promise.resolve(Number(this.dataVersion.get()?.['data_version'] ?? 0)));
    }
    /** Rejects with a `DomainError` where the database is at fault. */ async read(work) {
        try {
            return await work(this.database);
        } catch (error) {
            throw storageErrorOf(error);
        }
    }
    /** All of `work` happens, or nothing. */ write(work) {
        return this.read((database)=>database.transaction().execute(work));
    }
    /** Part of a transaction, so that the entry stands or falls with what it tells. */ async append(transaction, { requestId, at, ...entry }) {
        const { insertId } = await transaction.insertInto('audit').values({
            ...entry,
            request_id: requestId,
            at: at.getTime()
        }).executeTakeFirstOrThrow();
        const newestForgotten = Number(insertId) - this.maxAuditEntries;
        await transaction.deleteFrom('audit').where('sequence', '<=', newestForgotten).execute();
    }
    async close() {
        // Kysely closes only what has been used.
        await this.read((database)=>database.selectFrom('keys').select('id').limit(1).execute()).catch(()=>undefined);
        await this.database.destroy();
    }
}

//# sourceMappingURL=access-database.js.map
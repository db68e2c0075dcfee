import { openDatabase } from '../../../common/database/open-database.js';
import { storageErrorOf } from '../../../common/database/sqlite-error.js';
import { RecordStore } from '../record-store.js';
import { InvocationTable } from './invocation-table.js';
import { LineTable } from './line-table.js';
import { recordsHistory } from './migrations.js';
/** Nobody but the server opens this file; somebody who looks into it with another program may hold it for moments. */ const lockTimeoutMs = 1000;
/** Records in one SQLite file. Everything in it blocks, so it runs in a thread of its own. */ export class SqliteRecordStore extends RecordStore {
    database;
    budget;
    lineTable;
    invocationTable;
    constructor(database, budget){
        super(), this.database = database, this.budget = budget;
        // A power cut may cost the last writes, never the file; nobody waits for the disk.
        database.exec('PRAGMA synchronous = NORMAL');
        this.lineTable = new LineTable(database);
        this.invocationTable = new InvocationTable(database);
    }
    /** Throws `DatabaseRefused` when the file is not a sound database of this or an earlier Glambdar. */ static open(file, budget) {
        return new SqliteRecordStore(openDatabase(file, recordsHistory, {
            lockTimeoutMs,
            mayCreate: true
        }), budget);
    }
    write({ lines, invocations, usages }) {
        return this.change(()=>{
            this.lineTable.insert(lines);
            this.invocationTable.insert(invocations);
            for (const [id, usage] of usages)this.invocationTable.addUsage(id, usage);
            this.lineTable.evict(this.budget);
            this.invocationTable.evict(this.budget);
        });
    }
    lines(query) {
        return attempt(()=>this.lineTable.find(query));
    }
    invocation(id) {
        return attempt(()=>this.invocationTable.get(id));
    }
    invocations(query) {
        return attempt(()=>this.invocationTable.find(query));
    }
    forget(functionId) {
        return this.change(()=>{
            this.lineTable.forget(functionId);
            this.invocationTable.forget(functionId);
        });
    }
    async retain(functionIds) {
        const kept = new Set(functionIds);
        const known = new Set([
            ...this.lineTable.functionIds,
            ...this.invocationTable.functionIds
        ]);
        for (const functionId of known){
            if (!kept.has(functionId)) await this.forget(functionId);
        }
    }
    newestSequence() {
        return attempt(()=>this.lineTable.newestSequence());
    }
    close() {
        return attempt(()=>{
            this.database.close();
        });
    }
    /** All of it happens, or nothing. */ change(work) {
        return attempt(()=>{
            try {
                this.database.exec('BEGIN IMMEDIATE');
                work();
                this.database.exec('COMMIT');
            } catch (error) {
                this.undo();
                throw error;
            }
        });
    }
    undo() {
        // SQLite has already rolled back by itself after some failures, a full disk among them.
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        this.lineTable.count();
        this.invocationTable.count();
    }
}
/** SQLite answers at once; the port promises, and fails in its own words. */ function attempt(work) {
    const attempted = new Promise((resolve)=>{
        resolve(work());
    });
    return attempted.catch((error)=>{
        throw storageErrorOf(error);
    });
}

//# sourceMappingURL=sqlite-record-store.js.map
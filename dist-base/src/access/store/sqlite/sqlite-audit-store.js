import { AuditStore } from '../audit-store.js';
export class SqliteAuditStore extends AuditStore {
    database;
    constructor(database){
        super(), this.database = database;
    }
    async append(entry) {
        await this.database.write((transaction)=>this.database.append(transaction, entry));
    }
    async after(sequence, limit) {
        const rows = await this.database.read((database)=>database.selectFrom('audit').selectAll().where('sequence', '>', sequence).orderBy('sequence').limit(limit).execute());
        return rows.map(recordOf);
    }
}
function recordOf({ at, request_id, action, outcome, ...row }) {
    return {
        ...row,
        at: new Date(at),
        requestId: request_id,
        // Only members of the closed lists are ever appended.
        action: action,
        outcome: outcome
    };
}

//# sourceMappingURL=sqlite-audit-store.js.map
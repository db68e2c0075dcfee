import { KeyStore } from '../key-store.js';
/** Revoked keys are kept for whoever reads the audit trail, but only the newest so many. */ const revokedKept = 1000;
export class SqliteKeyStore extends KeyStore {
    database;
    constructor(database){
        super(), this.database = database;
    }
    async insert(key, entry) {
        await this.database.write(async (transaction)=>{
            await transaction.insertInto('keys').values(rowOf(key)).execute();
            const forgotten = transaction.selectFrom('keys').select('id').where('revoked_at', 'is not', null).orderBy('revoked_at', 'desc').limit(-1).offset(revokedKept);
            await transaction.deleteFrom('keys').where('id', 'in', forgotten).execute();
            await this.database.append(transaction, entry);
        });
    }
    async list() {
        const rows = await this.database.read((database)=>database.selectFrom('keys').selectAll().orderBy('position').execute());
        return rows.map(keyOf);
    }
    revoke(id, entry) {
        return this.database.write(async (transaction)=>{
            const row = await transaction.updateTable('keys').set({
                revoked_at: entry.at.getTime()
            }).where('id', '=', id).where('revoked_at', 'is', null).returningAll().executeTakeFirst();
            if (!row) return undefined;
            await this.database.append(transaction, entry);
            return keyOf(row);
        });
    }
    async markUsed(id, day) {
        await this.database.read((database)=>database.updateTable('keys').set({
                last_used_on: day
            }).where('id', '=', id).execute());
    }
    revision() {
        return this.database.revision();
    }
}
function rowOf(key) {
    return {
        id: key.id,
        name: key.name,
        scopes: JSON.stringify(key.scopes),
        secret_hash: key.secretHash,
        created_at: key.createdAt.getTime(),
        expires_at: key.expiresAt?.getTime() ?? null,
        revoked_at: key.revokedAt?.getTime() ?? null,
        last_used_on: key.lastUsedOn
    };
}
function keyOf(row) {
    return {
        id: row.id,
        name: row.name,
        // Only scopes that were checked are ever inserted.
        scopes: JSON.parse(row.scopes),
        secretHash: Buffer.from(row.secret_hash),
        createdAt: new Date(row.created_at),
        expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
        revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
        lastUsedOn: row.last_used_on
    };
}

//# sourceMappingURL=sqlite-key-store.js.map
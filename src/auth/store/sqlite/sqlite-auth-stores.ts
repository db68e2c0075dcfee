import type { Insertable, Selectable } from 'kysely';
import type { AuditAction, AuditEntry, AuditOutcome } from '../../../common/audit/audit-trail.js';
import type { Scope } from '../../../common/auth/caller.js';
import type { ApiKey } from '../../keys/api-key.js';
import type { Session } from '../../sessions/session.js';
import { type AuditRange, type AuditRecord, AuditStore, KeyStore, SessionStore } from '../auth-stores.js';
import type { AuditTable, AuthDatabase, KeysTable, SessionsTable } from './auth-database.js';

/** The newest revoked keys are kept, because the audit log refers to them. */
const revokedKept = 1000;

export class SqliteKeyStore extends KeyStore {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override async insert(key: ApiKey, entry: AuditEntry): Promise<void> {
    await this.database.write(async (transaction) => {
      await transaction.insertInto('keys').values(rowOf(key)).execute();
      const forgotten = transaction
        .selectFrom('keys')
        .select('id')
        .where('revoked_at', 'is not', null)
        .orderBy('revoked_at', 'desc')
        .limit(-1)
        .offset(revokedKept);
      await transaction.deleteFrom('keys').where('id', 'in', forgotten).execute();
      await this.database.append(transaction, entry);
    });
  }

  override async list(): Promise<ApiKey[]> {
    const rows = await this.database.read((database) =>
      database.selectFrom('keys').selectAll().orderBy('position').execute(),
    );
    return rows.map(keyOf);
  }

  override revoke(id: string, entry: AuditEntry): Promise<ApiKey | undefined> {
    return this.database.write(async (transaction) => {
      const row = await transaction
        .updateTable('keys')
        .set({ revoked_at: entry.at.getTime() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      await this.database.append(transaction, entry);
      return keyOf(row);
    });
  }

  override async markUsed(id: string, day: string): Promise<void> {
    await this.database.read((database) =>
      database.updateTable('keys').set({ last_used_on: day }).where('id', '=', id).execute(),
    );
  }

  override revision(): Promise<number> {
    return this.database.revision();
  }
}

function rowOf(key: ApiKey): Insertable<KeysTable> {
  return {
    id: key.id,
    name: key.name,
    scopes: JSON.stringify(key.scopes),
    functions: key.functions && JSON.stringify(key.functions),
    secret_hash: key.secretHash,
    created_at: key.createdAt.getTime(),
    expires_at: key.expiresAt?.getTime() ?? null,
    revoked_at: key.revokedAt?.getTime() ?? null,
    last_used_on: key.lastUsedOn,
  };
}

function keyOf(row: Selectable<KeysTable>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    // Only scopes and patterns that were checked are ever inserted.
    scopes: JSON.parse(row.scopes) as Scope[],
    functions: row.functions === null ? null : (JSON.parse(row.functions) as string[]),
    secretHash: Buffer.from(row.secret_hash),
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
    lastUsedOn: row.last_used_on,
  };
}

export class SqliteSessionStore extends SessionStore {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override async insert(
    session: Session,
    ended: readonly string[],
    entries: readonly AuditEntry[],
  ): Promise<void> {
    await this.database.write(async (transaction) => {
      const valid = transaction.selectFrom('keys').select('id').where('revoked_at', 'is', null);
      await transaction
        .deleteFrom('sessions')
        .where((eb) =>
          eb.or([
            eb('id', 'in', [...ended]),
            eb('expires_at', '<=', session.createdAt.getTime()),
            eb('key_id', 'not in', valid),
          ]),
        )
        .execute();
      await transaction
        .insertInto('sessions')
        .values({
          id: session.id,
          key_id: session.keyId,
          secret_hash: session.secretHash,
          created_at: session.createdAt.getTime(),
          expires_at: session.expiresAt.getTime(),
        })
        .execute();
      for (const entry of entries) await this.database.append(transaction, entry);
    });
  }

  override async list(): Promise<Session[]> {
    const rows = await this.database.read((database) =>
      database.selectFrom('sessions').selectAll().orderBy('position').execute(),
    );
    return rows.map(sessionOf);
  }

  override delete(id: string, entry: AuditEntry): Promise<boolean> {
    return this.database.write(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('sessions')
        .where('id', '=', id)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await this.database.append(transaction, entry);
      return true;
    });
  }
}

function sessionOf(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    keyId: row.key_id,
    secretHash: Buffer.from(row.secret_hash),
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
  };
}

export class SqliteAuditStore extends AuditStore {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override async append(entry: AuditEntry): Promise<void> {
    await this.database.write((transaction) => this.database.append(transaction, entry));
  }

  override async page({ after, before, order }: AuditRange, limit: number): Promise<AuditRecord[]> {
    const rows = await this.database.read((database) =>
      database
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '>', after)
        .where('sequence', '<', before ?? Number.MAX_SAFE_INTEGER)
        .orderBy('sequence', order === 'oldest' ? 'asc' : 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(recordOf);
  }
}

function recordOf({ at, request_id, action, outcome, ...row }: Selectable<AuditTable>): AuditRecord {
  return {
    ...row,
    at: new Date(at),
    requestId: request_id,
    // Only members of the closed lists are ever appended.
    action: action as AuditAction,
    outcome: outcome as AuditOutcome,
  };
}

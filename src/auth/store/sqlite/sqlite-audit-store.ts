import type { Selectable } from 'kysely';
import type { AuditAction, AuditEntry, AuditOutcome } from '../../../common/audit/audit-trail.js';
import { AuditStore, type AuditRecord } from '../auth-stores.js';
import type { AuthDatabase } from './auth-database.js';
import type { AuditTable } from './schema.js';

export class SqliteAuditStore extends AuditStore {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override async append(entry: AuditEntry): Promise<void> {
    await this.database.write((transaction) => this.database.append(transaction, entry));
  }

  override async after(sequence: number, limit: number): Promise<AuditRecord[]> {
    const rows = await this.database.read((database) =>
      database
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '>', sequence)
        .orderBy('sequence')
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

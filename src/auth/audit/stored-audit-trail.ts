import { Injectable } from '@nestjs/common';
import { type AuditEntry, AuditTrail } from '../../common/audit/audit-trail.js';
import { Log } from '../../common/log/log.js';
import { AuditStore } from '../store/auth-stores.js';

/** Writes an entry of the audit log to the server's log. */
export type AuditLine = (entry: AuditEntry) => void;

export function auditLine(log: Log): AuditLine {
  // Without `at`: the line has its own time.
  return ({ actor, action, target, sha256, outcome, requestId, address }) => {
    const archive = sha256 === null ? {} : { sha256 };
    log.info({ actor, action, target, ...archive, outcome, requestId, address }, 'audit');
  };
}

/** Records entries in the store, and in the server's log for those who collect logs elsewhere. */
@Injectable()
export class StoredAuditTrail extends AuditTrail {
  constructor(
    private readonly store: AuditStore,
    private readonly log: Log,
  ) {
    super();
  }

  override async record(entry: AuditEntry): Promise<void> {
    await this.store.append(entry);
    auditLine(this.log)(entry);
  }
}

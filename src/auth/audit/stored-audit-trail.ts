import { Injectable } from '@nestjs/common';
import { type AuditEntry, AuditTrail } from '../../common/audit/audit-trail.js';
import { Log } from '../../common/log/log.js';
import { AuditStore } from '../store/auth-stores.js';

/** Says in the log what the audit trail has recorded. */
export type AuditLine = (entry: AuditEntry) => void;

export function auditLine(log: Log): AuditLine {
  // The line has a time of its own.
  return ({ actor, action, target, sha256, outcome, requestId, address }) => {
    const archive = sha256 === null ? {} : { sha256 };
    log.info({ actor, action, target, ...archive, outcome, requestId, address }, 'audit');
  };
}

/** The audit trail in the store, and the same in the log for whoever gathers logs elsewhere. */
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

import { Injectable } from '@nestjs/common';
import { AuditTrail, type AuditEntry } from '../../common/audit/audit-trail.js';
import { Log } from '../../common/log/log.js';
import { AuditStore } from '../store/audit-store.js';
import { auditLine } from './audit-line.js';

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

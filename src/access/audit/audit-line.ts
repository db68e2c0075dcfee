import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { Log } from '../../common/log/log.js';

/** Says in the log what the audit trail has recorded. */
export type AuditLine = (entry: AuditEntry) => void;

export function auditLine(log: Log): AuditLine {
  // The line has a time of its own.
  return ({ actor, action, target, outcome, requestId, address }) => {
    log.info({ actor, action, target, outcome, requestId, address }, 'audit');
  };
}

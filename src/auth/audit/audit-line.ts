import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { Log } from '../../common/log/log.js';

/** Says in the log what the audit trail has recorded. */
export type AuditLine = (entry: AuditEntry) => void;

export function auditLine(log: Log): AuditLine {
  // The line has a time of its own.
  return ({ actor, action, target, sha256, outcome, requestId, address }) => {
    const archive = sha256 === null ? {} : { sha256 };
    log.info({ actor, action, target, ...archive, outcome, requestId, address }, 'audit');
  };
}

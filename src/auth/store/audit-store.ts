import type { AuditEntry } from '../../common/audit/audit-trail.js';

export interface AuditRecord extends AuditEntry {
  /** Grows by one with each entry and is never used again. */
  readonly sequence: number;
}

/**
 * Where the audit trail is kept: appended to, never changed, the oldest forgotten when there are too many.
 * Failures are those of `KeyStore`; `test/contract/auth-store.contract.ts` is the specification.
 */
export abstract class AuditStore {
  abstract append(entry: AuditEntry): Promise<void>;
  /** The first `limit` entries after `sequence`, oldest first. */
  abstract after(sequence: number, limit: number): Promise<AuditRecord[]>;
}

import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { ApiKey } from '../keys/api-key.js';

/**
 * Where keys are kept. A promise that resolved is on disk, and a change together with the audit entry that comes with
 * it: there is never one without the other. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`, `INSUFFICIENT_STORAGE`.
 * `test/contract/auth-store.contract.ts` is the specification.
 */
export abstract class KeyStore {
  abstract insert(key: ApiKey, entry: AuditEntry): Promise<void>;
  /** In the order in which they were made, revoked ones included. */
  abstract list(): Promise<ApiKey[]>;
  /** As of the entry's time; undefined, and no entry, where there is no such key or it has been revoked before. */
  abstract revoke(id: string, entry: AuditEntry): Promise<ApiKey | undefined>;
  /** `day` in UTC, e.g. `2026-01-31`. */
  abstract markUsed(id: string, day: string): Promise<void>;
  /** A number that is another one after another program has changed something. */
  abstract revision(): Promise<number>;
}

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

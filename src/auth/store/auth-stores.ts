import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { ApiKey } from '../keys/api-key.js';
import type { Session } from '../sessions/session.js';

/**
 * Stores keys. When a promise resolves, the change is on disk together with its audit entry: there is never one without
 * the other. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`, `INSUFFICIENT_STORAGE`.
 * `test/contract/auth-store.contract.ts` is the specification.
 */
export abstract class KeyStore {
  abstract insert(key: ApiKey, entry: AuditEntry): Promise<void>;
  /** In order of creation, including revoked ones. */
  abstract list(): Promise<ApiKey[]>;
  /** As of the entry's time; undefined, and no entry, if there is no such key or it is already revoked. */
  abstract revoke(id: string, entry: AuditEntry): Promise<ApiKey | undefined>;
  /** `day` in UTC, e.g. `2026-01-31`. */
  abstract markUsed(id: string, day: string): Promise<void>;
  /** Changes whenever another program has changed something. */
  abstract revision(): Promise<number>;
}

/**
 * Stores sessions, beside the keys that they stand for. Each change and its audit entries are one transaction, as a key's are.
 * Failures are those of `KeyStore`; `test/contract/auth-store.contract.ts` is the specification.
 */
export abstract class SessionStore {
  /** Deletes those of `ended`, too, and whatever has expired or lost its key by then. */
  abstract insert(session: Session, ended: readonly string[], entries: readonly AuditEntry[]): Promise<void>;
  /** Oldest first. */
  abstract list(): Promise<Session[]>;
  /** False, and no entry, if there is no such session. */
  abstract delete(id: string, entry: AuditEntry): Promise<boolean>;
}

export interface AuditRecord extends AuditEntry {
  /** Grows by one with each entry and is never reused. */
  readonly sequence: number;
}

/**
 * Stores the audit log: entries are appended, never changed, and the oldest are deleted when there are too many.
 * Failures are those of `KeyStore`; `test/contract/auth-store.contract.ts` is the specification.
 */
export abstract class AuditStore {
  abstract append(entry: AuditEntry): Promise<void>;
  /** The first `limit` entries of the range, in its order. */
  abstract page(range: AuditRange, limit: number): Promise<AuditRecord[]>;

  /** The first `limit` entries after `sequence`, oldest first. */
  after(sequence: number, limit: number): Promise<AuditRecord[]> {
    return this.page({ after: sequence, before: undefined, order: 'oldest' }, limit);
  }
}

export const auditOrders = ['oldest', 'newest'] as const;

/** Entries between two others, neither of which is among them. */
export interface AuditRange {
  readonly after: number;
  readonly before: number | undefined;
  /** Which end comes first. */
  readonly order: (typeof auditOrders)[number];
}

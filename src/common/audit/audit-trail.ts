import type { ErrorCode } from '../errors/error-codes.js';

/** What can be done to an installation. The list is closed, because its readers filter by it. */
export const auditActions = [
  'function.deploy',
  'function.configure',
  'function.rollback',
  'function.delete',
  'secret.put',
  'secret.delete',
  'key.create',
  'key.revoke',
  'event.retry',
  'event.delete',
  'event.purge',
  'schedule.set',
  'schedule.delete',
  'schedule.run',
  'session.create',
  'session.end',
  'request.refuse',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** `begun` is recorded before the action; a second entry of the same request says how it ended. */
export type AuditOutcome = 'begun' | 'done' | ErrorCode;

/** Who did what. Never contains a body or a secret. */
export interface AuditEntry {
  readonly at: Date;
  /** A key's id; `local`: somebody on the server's machine, without a key; `nobody`: denied for lack of a key. */
  readonly actor: string;
  readonly action: AuditAction;
  /** A function's name, with the secret's key or the schedule's name after a slash; the id of a key, session or event; the method and route of a denial; null if not known yet. */
  readonly target: string | null;
  /** SHA-256 of the archive that was deployed or rolled back to; null if none was unpacked. */
  readonly sha256: string | null;
  readonly outcome: AuditOutcome;
  readonly requestId: string | null;
  /** Null for a command, which uses no network. */
  readonly address: string | null;
}

/** Records changes. When a promise resolves, the entry is on disk. */
export abstract class AuditTrail {
  /** Rejects with `STORAGE_UNAVAILABLE` or `INSUFFICIENT_STORAGE`. */
  abstract record(entry: AuditEntry): Promise<void>;
}

import type { ErrorCode } from '../errors/error-codes.js';

/** What can be done to an installation; the list is closed, because its readers filter by it. */
export const auditActions = [
  'function.deploy',
  'function.configure',
  'function.rollback',
  'function.delete',
  'secret.put',
  'secret.delete',
  'key.create',
  'key.revoke',
  'request.refuse',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** `begun` stands before the action; a second entry of the same request says how it ended. */
export type AuditOutcome = 'begun' | 'done' | ErrorCode;

/** One line of who did what. Never a body, never a secret. */
export interface AuditEntry {
  readonly at: Date;
  /** Id of a key; `local`: somebody on the server's machine, without one; `nobody`: who was turned away for want of one. */
  readonly actor: string;
  readonly action: AuditAction;
  /** Name of the function, and the secret's key after a slash; id of the key; method and route of a refusal; null where unknown, as when an upload begins. */
  readonly target: string | null;
  /** SHA-256 of the archive that a deployment brought or a rollback went back to; null where none was unpacked. */
  readonly sha256: string | null;
  readonly outcome: AuditOutcome;
  readonly requestId: string | null;
  /** Null for a command, which comes over no network. */
  readonly address: string | null;
}

/** Where changes are recorded. A promise that resolved is on disk. */
export abstract class AuditTrail {
  /** Rejects with `STORAGE_UNAVAILABLE` or `INSUFFICIENT_STORAGE`. */
  abstract record(entry: AuditEntry): Promise<void>;
}

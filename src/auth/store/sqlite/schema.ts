import type { Generated } from 'kysely';

/** Times are milliseconds since the epoch, in UTC. */
export interface KeysTable {
  readonly position: Generated<number>;
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly scopes: string;
  /** JSON; null where the key is not limited to some functions. */
  readonly functions: string | null;
  readonly secret_hash: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_on: string | null;
}

export interface AuditTable {
  readonly sequence: Generated<number>;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly sha256: string | null;
  readonly outcome: string;
  readonly request_id: string | null;
  readonly address: string | null;
}

export interface Schema {
  readonly keys: KeysTable;
  readonly audit: AuditTable;
}

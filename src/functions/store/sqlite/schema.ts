import type { Generated } from 'kysely';

/** Times are milliseconds since the epoch, in UTC. */
export interface FunctionsTable {
  /** Grows with every deployment, also across deletions: the order of the list. */
  readonly position: Generated<number>;
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly current_version_id: string;
  /** `ChosenSettings` as JSON: what is not in it takes its default when it is read. */
  readonly settings: string;
  /** `SealedSecret[]` as JSON. */
  readonly secrets: string;
  readonly load_failure: string | null;
  readonly created_at: number;
  readonly last_invoked_at: number | null;
  readonly invoke_count: number;
}

export interface VersionsTable {
  readonly id: string;
  readonly function_id: string;
  readonly number: number;
  readonly sha256: string;
  readonly code_sha256: string | null;
  readonly code_bytes: number;
  readonly file_count: number;
  readonly created_at: number;
}

export interface Schema {
  readonly functions: FunctionsTable;
  readonly versions: VersionsTable;
}

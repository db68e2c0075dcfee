import type { Generated, Selectable } from 'kysely';
import type { SchemaHistory } from '../../../storage/sqlite/schema-history.js';
import type { FunctionName } from '../../function-name.js';
import type { ChosenSettings, DeployedFunction, FunctionVersion } from '../../function.js';
import type { SealedSecret } from '../../sealed-secret.js';
import { completeSettings, type FunctionDefaults } from '../../settings/default-settings.js';

/** "GLMB": tells Glambdar's database from any other SQLite file. */
const applicationId = 0x474c4d42;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE functions (
    position           INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    name               TEXT    NOT NULL UNIQUE,
    current_version_id TEXT    NOT NULL REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
    settings           TEXT    NOT NULL CHECK (json_valid(settings)),
    created_at         INTEGER NOT NULL,
    last_invoked_at    INTEGER,
    invoke_count       INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE versions (
    id          TEXT    NOT NULL PRIMARY KEY,
    function_id TEXT    NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number >= 1),
    sha256      TEXT    NOT NULL,
    code_bytes  INTEGER NOT NULL,
    file_count  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (function_id, number)
  ) STRICT;
  `,
  `ALTER TABLE functions ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1);`,
  `ALTER TABLE functions ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(secrets));`,
  `ALTER TABLE versions ADD COLUMN code_sha256 TEXT;`,
  `ALTER TABLE functions ADD COLUMN load_failure TEXT;`,
  // The response format of that name is called `simple` now.
  `
  UPDATE functions SET settings = json_set(settings, '$.responseFormat', 'simple')
  WHERE json_extract(settings, '$.responseFormat') = 'seed';
  `,
  // What became of a change whose outcome was lost is asked here.
  `
  CREATE TABLE changes (
    function_id TEXT    NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
    revision    INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    PRIMARY KEY (function_id, revision)
  ) STRICT, WITHOUT ROWID;
  `,
  // Who published a version, and with which settings.
  `
  ALTER TABLE versions ADD COLUMN published_by TEXT;
  ALTER TABLE versions ADD COLUMN published_with TEXT CHECK (json_valid(published_with));
  `,
  // The setting `hosts` of all functions: the database itself holds each host to one owner.
  `
  CREATE TABLE hosts (
    host        TEXT NOT NULL PRIMARY KEY,
    function_id TEXT NOT NULL REFERENCES functions (id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX hosts_of_function ON hosts (function_id);
  `,
];

export const functionsHistory: SchemaHistory = { applicationId, migrations };

/** Times are milliseconds since the epoch, in UTC. */
interface FunctionsTable {
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

interface VersionsTable {
  readonly id: string;
  readonly function_id: string;
  readonly number: number;
  readonly sha256: string;
  readonly code_sha256: string | null;
  readonly code_bytes: number;
  readonly file_count: number;
  readonly created_at: number;
  readonly published_by: string | null;
  /** `ChosenSettings` as JSON. */
  readonly published_with: string | null;
}

/** The change that led to a revision; of each function's newest. */
interface ChangesTable {
  readonly function_id: string;
  readonly revision: number;
  readonly id: string;
}

/** Each host has one owner, whatever several changes want at once. */
interface HostsTable {
  readonly host: string;
  readonly function_id: string;
}

export interface Schema {
  readonly functions: FunctionsTable;
  readonly versions: VersionsTable;
  readonly changes: ChangesTable;
  readonly hosts: HostsTable;
}

export function functionRow(deployed: DeployedFunction): Omit<Selectable<FunctionsTable>, 'position'> {
  return {
    id: deployed.id,
    name: deployed.name,
    ...changeableColumns(deployed),
    created_at: deployed.createdAt.getTime(),
    last_invoked_at: deployed.lastInvokedAt?.getTime() ?? null,
    invoke_count: deployed.invokeCount,
  };
}

/** What a change of a function may set; the rest is for ever, or counted. */
export function changeableColumns({ version, settings, secrets, loadFailure, revision }: DeployedFunction) {
  return {
    current_version_id: version.id,
    settings: JSON.stringify(settings.chosen),
    secrets: JSON.stringify(secrets),
    load_failure: loadFailure,
    revision,
  };
}

export function versionRow({ id, version }: DeployedFunction): VersionsTable {
  return {
    id: version.id,
    function_id: id,
    number: version.number,
    sha256: version.sha256,
    code_sha256: version.codeSha256,
    code_bytes: version.codeBytes,
    file_count: version.fileCount,
    created_at: version.createdAt.getTime(),
    published_by: version.publishedBy,
    published_with: version.publishedWith && JSON.stringify(version.publishedWith),
  };
}

/** A function's row and its current version's. */
type JoinedRow = Selectable<FunctionsTable> &
  Pick<
    VersionsTable,
    'number' | 'sha256' | 'code_sha256' | 'code_bytes' | 'file_count' | 'published_by' | 'published_with'
  > & {
    readonly version_created_at: number;
  };

export function versionOf(row: Omit<VersionsTable, 'function_id'>): FunctionVersion {
  return {
    id: row.id,
    number: row.number,
    sha256: row.sha256,
    codeSha256: row.code_sha256,
    codeBytes: row.code_bytes,
    fileCount: row.file_count,
    createdAt: new Date(row.created_at),
    publishedBy: row.published_by,
    publishedWith: row.published_with === null ? null : (JSON.parse(row.published_with) as ChosenSettings),
  };
}

export function deployedFunctionOf(row: JoinedRow, defaults: FunctionDefaults): DeployedFunction {
  return {
    id: row.id,
    // Only names that passed the allow-list are ever inserted.
    name: row.name as FunctionName,
    revision: row.revision,
    version: versionOf({ ...row, id: row.current_version_id, created_at: row.version_created_at }),
    settings: completeSettings(JSON.parse(row.settings) as ChosenSettings, defaults),
    secrets: secretsOf(row.secrets),
    loadFailure: row.load_failure,
    createdAt: new Date(row.created_at),
    lastInvokedAt: row.last_invoked_at === null ? null : new Date(row.last_invoked_at),
    invokeCount: row.invoke_count,
  };
}

/** In JSON its times are ISO 8601 in UTC. */
type StoredSecret = Omit<SealedSecret, 'createdAt' | 'updatedAt'> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};

function secretsOf(column: string): SealedSecret[] {
  return (JSON.parse(column) as StoredSecret[]).map((secret) => ({
    ...secret,
    createdAt: new Date(secret.createdAt),
    updatedAt: new Date(secret.updatedAt),
  }));
}

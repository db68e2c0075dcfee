import type { SchemaHistory } from '../../../storage/sqlite/migrate.js';

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
];

export const functionsHistory: SchemaHistory = { applicationId, migrations };

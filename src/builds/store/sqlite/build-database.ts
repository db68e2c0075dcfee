import type { SchemaHistory } from '../../../storage/sqlite/schema-history.js';

/** "GLMB": builds, told from the databases of functions, keys and records. */
const applicationId = 0x474c4d42;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE builds (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT    NOT NULL UNIQUE,
    function_name TEXT    NOT NULL,
    started_at    INTEGER NOT NULL,
    has_ended     INTEGER NOT NULL,
    log_bytes     INTEGER NOT NULL DEFAULT 0,
    build         TEXT    NOT NULL CHECK (json_valid(build))
  ) STRICT;

  CREATE INDEX builds_by_function ON builds (function_name, position);

  CREATE TABLE build_lines (
    build  INTEGER NOT NULL REFERENCES builds (position) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    stream TEXT    NOT NULL,
    text   TEXT    NOT NULL,
    PRIMARY KEY (build, number)
  ) STRICT, WITHOUT ROWID;
  `,
];

export const buildsHistory: SchemaHistory = { applicationId, migrations };

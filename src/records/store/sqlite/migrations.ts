import type { SchemaHistory } from '../../../storage/sqlite/migrate.js';

/** "GLMR": records, told from the databases of functions and of keys. */
const applicationId = 0x474c4d52;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE log_lines (
    sequence      INTEGER PRIMARY KEY,
    function_id   TEXT    NOT NULL,
    function_name TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    revision      INTEGER NOT NULL,
    invocation_id TEXT,
    at            INTEGER NOT NULL,
    phase         TEXT    NOT NULL,
    stream        TEXT    NOT NULL,
    level         TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    is_cut        INTEGER NOT NULL,
    dropped_bytes INTEGER NOT NULL,
    budget_bytes  INTEGER NOT NULL
  ) STRICT;

  -- With the bytes in it, so that what a function holds is known without reading its lines.
  CREATE INDEX log_lines_by_function ON log_lines (function_id, sequence, budget_bytes);
  CREATE INDEX log_lines_by_invocation ON log_lines (invocation_id, sequence) WHERE invocation_id IS NOT NULL;

  CREATE TABLE invocations (
    position          INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT NOT NULL UNIQUE,
    function_id       TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    ended             TEXT NOT NULL CHECK (json_valid(ended)),
    memory_peak_bytes REAL,
    cpu_time_ms       REAL
  ) STRICT;

  CREATE INDEX invocations_by_function ON invocations (function_id, position);
  `,
];

export const recordsHistory: SchemaHistory = { applicationId, migrations };

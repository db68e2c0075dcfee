import type { SchemaHistory } from '../../../storage/sqlite/migrate.js';

/** "GLMA": keys and the audit trail, told from the database of functions. */
const applicationId = 0x474c4d41;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE keys (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL CHECK (json_valid(scopes)),
    secret_hash  BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_on TEXT
  ) STRICT;

  CREATE TABLE audit (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    target     TEXT,
    outcome    TEXT    NOT NULL,
    request_id TEXT,
    address    TEXT
  ) STRICT;

  CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
  BEGIN
    SELECT RAISE(ABORT, 'an audit entry is never changed');
  END;
  `,
  `ALTER TABLE audit ADD COLUMN sha256 TEXT;`,
  // Null, which every key has that was made before, limits nothing.
  `ALTER TABLE keys ADD COLUMN functions TEXT CHECK (functions IS NULL OR json_valid(functions));`,
];

export const authHistory: SchemaHistory = { applicationId, migrations };

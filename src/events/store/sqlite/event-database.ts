import type { SchemaHistory } from '../../../storage/sqlite/schema-history.js';
import { eventCostBytes } from '../kept-bytes.js';

/** "GLME": events, told from the databases of functions, keys, records and builds. */
const applicationId = 0x474c4d45;

const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  -- One row. Times named "at" are wall clock; all others are the store's own, which now and ahead are about.
  CREATE TABLE store (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    now          INTEGER NOT NULL DEFAULT 0,
    ahead        INTEGER NOT NULL DEFAULT 0,
    queued_bytes INTEGER NOT NULL DEFAULT 0,
    kept_bytes   INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO store (id) VALUES (1);

  -- How many events of each state a function has, and what those that have ended cost; kept by the triggers below, so never counted.
  CREATE TABLE functions (
    number     INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    queued     INTEGER NOT NULL DEFAULT 0,
    running    INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    succeeded  INTEGER NOT NULL DEFAULT 0,
    dead       INTEGER NOT NULL DEFAULT 0,
    kept_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE events (
    position         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    function         INTEGER NOT NULL REFERENCES functions (number),
    state            TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'failed', 'succeeded', 'dead')),
    -- What never changes and is never looked for.
    about            TEXT    NOT NULL CHECK (json_valid(about)),
    ordering_key     TEXT,
    request_bytes    INTEGER NOT NULL,
    result_bytes     INTEGER NOT NULL DEFAULT 0,
    -- As keptBytesOf has it: requests go when their event has succeeded.
    kept_bytes       INTEGER NOT NULL GENERATED ALWAYS AS (
      CASE state
        WHEN 'succeeded' THEN ${eventCostBytes} + result_bytes
        WHEN 'dead' THEN ${eventCostBytes} + result_bytes + request_bytes
        ELSE 0
      END
    ) VIRTUAL,
    accepted_at      INTEGER NOT NULL,
    ended_at         INTEGER,
    expires          INTEGER NOT NULL,
    -- Null while it runs, after its end, and while another of its ordering key comes first.
    due              INTEGER,
    owner            TEXT,
    leased_until     INTEGER,
    forget           INTEGER,
    counted_attempts INTEGER NOT NULL DEFAULT 0,
    attempt_count    INTEGER NOT NULL DEFAULT 0,
    attempts         TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(attempts)),
    follow_up        TEXT
  ) STRICT;

  CREATE INDEX events_by_state ON events (function, state, position);
  CREATE INDEX events_by_due ON events (function, due, position) WHERE due IS NOT NULL;
  CREATE INDEX events_by_lease ON events (leased_until) WHERE owner IS NOT NULL;
  CREATE INDEX events_by_forgetting ON events (forget) WHERE forget IS NOT NULL;
  CREATE INDEX events_of_ordering_key ON events (function, ordering_key, position)
    WHERE ordering_key IS NOT NULL AND ended_at IS NULL;
  -- Of one ordering key one event has its turn: it is due some time, or runs.
  CREATE UNIQUE INDEX events_with_turn ON events (function, ordering_key)
    WHERE ordering_key IS NOT NULL AND (due IS NOT NULL OR owner IS NOT NULL);

  -- Apart from the events, which change, so that no body is ever written twice. Gone once it is not needed any more.
  CREATE TABLE requests (
    event        INTEGER PRIMARY KEY REFERENCES events (position) ON DELETE CASCADE,
    presentation TEXT NOT NULL,
    traceparent  TEXT,
    body         BLOB NOT NULL
  ) STRICT;

  CREATE TABLE results (
    event  INTEGER PRIMARY KEY REFERENCES events (position) ON DELETE CASCADE,
    until  INTEGER NOT NULL,
    answer TEXT    NOT NULL,
    body   BLOB
  ) STRICT;
  CREATE INDEX results_by_until ON results (until);
  CREATE TRIGGER result_gone AFTER DELETE ON results BEGIN
    UPDATE events SET result_bytes = 0 WHERE position = old.event;
  END;

  CREATE TRIGGER count_new AFTER INSERT ON events BEGIN
    UPDATE functions SET queued = queued + 1 WHERE number = new.function;
    UPDATE store SET queued_bytes = queued_bytes + new.request_bytes;
  END;

  CREATE TRIGGER count_changed AFTER UPDATE OF state ON events WHEN old.state <> new.state BEGIN
    UPDATE functions SET
      queued    = queued    + (new.state = 'queued')    - (old.state = 'queued'),
      running   = running   + (new.state = 'running')   - (old.state = 'running'),
      failed    = failed    + (new.state = 'failed')    - (old.state = 'failed'),
      succeeded = succeeded + (new.state = 'succeeded') - (old.state = 'succeeded'),
      dead      = dead      + (new.state = 'dead')      - (old.state = 'dead')
      WHERE number = new.function;
    UPDATE store SET queued_bytes = queued_bytes
      + new.request_bytes * ((old.state IN ('succeeded', 'dead')) - (new.state IN ('succeeded', 'dead')));
  END;

  CREATE TRIGGER count_kept AFTER UPDATE OF state, result_bytes ON events WHEN old.kept_bytes <> new.kept_bytes BEGIN
    UPDATE functions SET kept_bytes = kept_bytes + new.kept_bytes - old.kept_bytes WHERE number = new.function;
    UPDATE store SET kept_bytes = kept_bytes + new.kept_bytes - old.kept_bytes;
  END;

  CREATE TRIGGER count_gone AFTER DELETE ON events BEGIN
    UPDATE functions SET
      queued    = queued    - (old.state = 'queued'),
      running   = running   - (old.state = 'running'),
      failed    = failed    - (old.state = 'failed'),
      succeeded = succeeded - (old.state = 'succeeded'),
      dead      = dead      - (old.state = 'dead'),
      kept_bytes = kept_bytes - old.kept_bytes
      WHERE number = old.function;
    UPDATE store SET
      queued_bytes = queued_bytes - old.request_bytes * (old.state NOT IN ('succeeded', 'dead')),
      kept_bytes   = kept_bytes - old.kept_bytes;
  END;

  CREATE TABLE idempotency_keys (
    number       INTEGER PRIMARY KEY,
    function     INTEGER NOT NULL REFERENCES functions (number),
    use          TEXT    NOT NULL CHECK (use IN ('event', 'call')),
    caller       TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    fingerprint  TEXT    NOT NULL,
    until        INTEGER NOT NULL,
    event_id     TEXT,
    -- Of the call that has claimed it last.
    call_id      TEXT,
    leased_until INTEGER,
    answer       TEXT,
    body         BLOB,
    UNIQUE (function, use, caller, key)
  ) STRICT;
  CREATE INDEX idempotency_keys_by_until ON idempotency_keys (until);

  -- How far schedules have come, all in wall clock: they follow the calendar.
  CREATE TABLE schedules (
    id            TEXT    PRIMARY KEY,
    function_id   TEXT    NOT NULL,
    definition    TEXT    NOT NULL,
    since_at      INTEGER NOT NULL,
    last_due_at   INTEGER,
    last_event_id TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  // What has waited for too long is found without looking at what has not.
  `
  CREATE INDEX events_by_expiry ON events (expires, position) WHERE due IS NOT NULL;
  `,
  // What answers to calls take is known without reading them. One without its body takes what its key does.
  `
  ALTER TABLE store ADD COLUMN answer_bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE idempotency_keys ADD COLUMN answered INTEGER;
  ALTER TABLE idempotency_keys ADD COLUMN answer_bytes INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE WHEN body IS NULL THEN 0 ELSE octet_length(answer) + octet_length(body) END
  ) VIRTUAL;
  CREATE INDEX idempotency_keys_with_answer ON idempotency_keys (answered, number) WHERE body IS NOT NULL;

  CREATE TRIGGER count_answer AFTER UPDATE OF answer, body ON idempotency_keys BEGIN
    UPDATE store SET answer_bytes = answer_bytes + new.answer_bytes - old.answer_bytes;
  END;
  CREATE TRIGGER count_answer_gone AFTER DELETE ON idempotency_keys WHEN old.answer_bytes > 0 BEGIN
    UPDATE store SET answer_bytes = answer_bytes - old.answer_bytes;
  END;

  UPDATE store SET answer_bytes = (SELECT coalesce(sum(answer_bytes), 0) FROM idempotency_keys);
  `,
  // What waits of each function, and of strangers there, is known without looking at the events: their `keyId` says so.
  `
  ALTER TABLE functions ADD COLUMN queued_bytes    INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE functions ADD COLUMN strangers       INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE functions ADD COLUMN strangers_bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE events ADD COLUMN of_stranger INTEGER NOT NULL GENERATED ALWAYS AS (
    about ->> '$.keyId' IS 'strangers'
  ) VIRTUAL;
  ALTER TABLE events ADD COLUMN is_waiting INTEGER NOT NULL GENERATED ALWAYS AS (state IN ('queued', 'failed')) VIRTUAL;
  -- Those of a request that is held: until its event has ended.
  ALTER TABLE events ADD COLUMN held_bytes INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE WHEN state IN ('succeeded', 'dead') THEN 0 ELSE request_bytes END
  ) VIRTUAL;

  DROP TRIGGER count_new;
  CREATE TRIGGER count_new AFTER INSERT ON events BEGIN
    UPDATE functions SET
      queued          = queued          + 1,
      queued_bytes    = queued_bytes    + new.held_bytes,
      strangers       = strangers       + new.of_stranger,
      strangers_bytes = strangers_bytes + new.of_stranger * new.held_bytes
      WHERE number = new.function;
    UPDATE store SET queued_bytes = queued_bytes + new.held_bytes;
  END;

  DROP TRIGGER count_changed;
  CREATE TRIGGER count_changed AFTER UPDATE OF state ON events WHEN old.state <> new.state BEGIN
    UPDATE functions SET
      queued    = queued    + (new.state = 'queued')    - (old.state = 'queued'),
      running   = running   + (new.state = 'running')   - (old.state = 'running'),
      failed    = failed    + (new.state = 'failed')    - (old.state = 'failed'),
      succeeded = succeeded + (new.state = 'succeeded') - (old.state = 'succeeded'),
      dead      = dead      + (new.state = 'dead')      - (old.state = 'dead'),
      queued_bytes    = queued_bytes    + new.held_bytes - old.held_bytes,
      strangers       = strangers       + new.of_stranger * (new.is_waiting - old.is_waiting),
      strangers_bytes = strangers_bytes + new.of_stranger * (new.held_bytes - old.held_bytes)
      WHERE number = new.function;
    UPDATE store SET queued_bytes = queued_bytes + new.held_bytes - old.held_bytes;
  END;

  DROP TRIGGER count_gone;
  CREATE TRIGGER count_gone AFTER DELETE ON events BEGIN
    UPDATE functions SET
      queued    = queued    - (old.state = 'queued'),
      running   = running   - (old.state = 'running'),
      failed    = failed    - (old.state = 'failed'),
      succeeded = succeeded - (old.state = 'succeeded'),
      dead      = dead      - (old.state = 'dead'),
      kept_bytes      = kept_bytes      - old.kept_bytes,
      queued_bytes    = queued_bytes    - old.held_bytes,
      strangers       = strangers       - old.of_stranger * old.is_waiting,
      strangers_bytes = strangers_bytes - old.of_stranger * old.held_bytes
      WHERE number = old.function;
    UPDATE store SET
      queued_bytes = queued_bytes - old.held_bytes,
      kept_bytes   = kept_bytes - old.kept_bytes;
  END;

  UPDATE functions SET (queued_bytes, strangers, strangers_bytes) = (
    SELECT coalesce(sum(held_bytes), 0), coalesce(sum(of_stranger * is_waiting), 0), coalesce(sum(of_stranger * held_bytes), 0)
    FROM events WHERE function = number
  );
  `,
];

export const eventsHistory: SchemaHistory = { applicationId, migrations };

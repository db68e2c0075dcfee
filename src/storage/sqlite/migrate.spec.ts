import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { authHistory } from '../../auth/store/sqlite/auth-database.js';
import { functionsHistory } from '../../functions/store/sqlite/schema.js';
import { recordsHistory } from '../../records/store/sqlite/sqlite-record-store.js';
import { schemaVersionOf, type SchemaHistory } from './schema-history.js';
import { openDatabase } from './open-database.js';

const options = { lockTimeoutMs: 20, mayCreate: true };
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-migrate-'));
  file = join(directory, 'database.sqlite');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function makeFrom(fixture: string): void {
  const database = new DatabaseSync(file);
  database.exec(
    readFileSync(new URL(`../../../test/fixtures/databases/${fixture}.sql`, import.meta.url), 'utf8'),
  );
  database.close();
}

const numberedUpTo = (last: number) =>
  Array.from({ length: last }, (_, index) => ({ name: String(index + 1).padStart(4, '0') }));

const applied = (database: DatabaseSync) =>
  database.prepare('SELECT name FROM kysely_migration ORDER BY name').all();

const longer = (history: SchemaHistory, ...more: string[]): SchemaHistory => ({
  ...history,
  migrations: [...history.migrations, ...more],
});

describe('a new database', () => {
  it('gets every migration, in order and counted', async () => {
    const database = await openDatabase(file, functionsHistory, options);
    const { length } = functionsHistory.migrations;
    expect(applied(database)).toEqual(numberedUpTo(length));
    expect(schemaVersionOf(database)).toBe(length);
    database.close();
  });

  it('counts more than nine in their order', async () => {
    const steps = Array.from({ length: 12 }, (_, index) => `ALTER TABLE t ADD COLUMN c${index + 1} TEXT;`);
    const history = {
      applicationId: 7,
      migrations: ['PRAGMA application_id = 7; CREATE TABLE t (c0 TEXT);', ...steps],
    };
    const database = await openDatabase(file, history, options);
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all('t');
    expect(columns).toEqual(Array.from({ length: 13 }, (_, index) => ({ name: `c${index}` })));
    database.close();
  });
});

describe.each([
  ['functions', functionsHistory, 'SELECT name, revision FROM functions ORDER BY position'],
  ['auth', authHistory, 'SELECT id, functions FROM keys'],
  ['records', recordsHistory, 'SELECT sequence, text FROM log_lines'],
])('a database of %s from before the table of migrations', (fixture, history, query) => {
  it('opens with what it holds', async () => {
    makeFrom(fixture);
    const before = new DatabaseSync(file);
    const rows = before.prepare(query).all();
    before.close();
    const database = await openDatabase(file, history, { ...options, mayCreate: false });
    expect(rows).not.toEqual([]);
    expect(database.prepare(query).all()).toEqual(rows);
    database.close();
  });

  it('gets only the migrations that it has not had', async () => {
    makeFrom(fixture);
    const next = longer(history, 'CREATE TABLE added (a TEXT) STRICT;');
    const database = await openDatabase(file, next, options);
    expect(database.prepare('SELECT * FROM added').all()).toEqual([]);
    expect(database.prepare(query).all()).not.toEqual([]);
    expect(applied(database)).toEqual(numberedUpTo(next.migrations.length));
    database.close();
    const again = await openDatabase(file, next, options);
    expect(schemaVersionOf(again)).toBe(next.migrations.length);
    again.close();
  });

  it('stays as it was when one of several migrations fails', async () => {
    makeFrom(fixture);
    const broken = longer(
      history,
      'CREATE TABLE added (a TEXT) STRICT;',
      'CREATE TABLE added (again TEXT) STRICT;',
    );
    await expect(openDatabase(file, broken, options)).rejects.toThrow(/already exists/);
    const untouched = new DatabaseSync(file);
    expect(untouched.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'kysely%'").all()).toEqual([]);
    untouched.close();
    const database = await openDatabase(file, history, options);
    expect(schemaVersionOf(database)).toBe(history.migrations.length);
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'added'").all()).toEqual([]);
    database.close();
  });

  it('is refused by a Glambdar that knows fewer migrations, and left alone', async () => {
    makeFrom(fixture);
    (await openDatabase(file, longer(history, 'CREATE TABLE added (a TEXT) STRICT;'), options)).close();
    await expect(openDatabase(file, history, options)).rejects.toThrow(/newer Glambdar/);
  });
});

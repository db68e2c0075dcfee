import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { changeOf, deployedFunction, sealedSecret } from '../../../../test/support/builders/functions.js';
import { openFunctionStore } from '../../../../test/support/functions-fixture.js';
import { openDatabase } from '../../../storage/sqlite/open-database.js';
import { builtInDefaults } from '../../settings/default-settings.js';
import { functionsHistory } from './schema.js';
import { SqliteFunctionStore } from './sqlite-function-store.js';

let directory: string;
let file: string;
const options = { lockTimeoutMs: 20, mayCreate: true };

/** From here on the response format `seed` is called `simple`. */
const schemaOfSimple = 6;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-sqlite-'));
  file = join(directory, 'glambdar.db');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs statements as another program would. */
function outside(sql: string): void {
  const other = new DatabaseSync(file);
  other.exec(sql);
  other.close();
}

async function withFunctions(count: number): Promise<void> {
  const store = await openFunctionStore(file, options);
  for (let i = 0; i < count; i += 1) await store.insert(deployedFunction());
  await store.close();
}

describe('opening the database', () => {
  it('makes one that only its owner can read, and finds everything there again', async () => {
    const deployed = deployedFunction();
    const first = await openFunctionStore(file, options);
    await first.insert(deployed);
    await first.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await openFunctionStore(file, { ...options, mayCreate: false });
    await expect(second.list()).resolves.toEqual([deployed]);
    await second.close();
  });

  it('takes over what a killed process had written to the log only', async () => {
    const deployed = deployedFunction();
    const killed = await openFunctionStore(file, options);
    await killed.insert(deployed);
    // Not closed: the log is not folded back into the file, as after kill -9.
    const next = await openFunctionStore(file, options);
    await expect(next.list()).resolves.toEqual([deployed]);
    await next.close();
    await killed.close();
  });

  it('starts again after a crash between making the file and its first schema', async () => {
    writeFileSync(file, '');
    const store = await openFunctionStore(file, options);
    await expect(store.list()).resolves.toEqual([]);
    await store.close();
  });

  it('takes over a database of the first schema: its functions are at their first revision', async () => {
    const deployed = deployedFunction();
    const [firstSchema] = functionsHistory.migrations;
    writeFileSync(file, '');
    outside(`${firstSchema} PRAGMA user_version = 1;
      BEGIN;
      INSERT INTO functions VALUES (1, 'function-id', 'hello', 'version-id',
        '{"isolation":"fresh","minContainers":0,"maxContainers":4,"idleTimeoutSeconds":300}', 1, 2, 3);
      INSERT INTO versions VALUES ('version-id', 'function-id', 1, 'abc', 100, 1, 1);
      COMMIT;`);
    const store = await openFunctionStore(file, { ...options, mayCreate: false });
    await expect(store.list()).resolves.toMatchObject([
      { id: 'function-id', revision: 1, invokeCount: 3, version: { id: 'version-id', number: 1 } },
    ]);
    await store.insert(deployed);
    await store.replace(changeOf({ ...deployed, revision: 2 }));
    expect((await store.list()).map(({ revision }) => revision)).toEqual([1, 2]);
    await store.close();
  });

  it('refuses to begin anew where a database must have been lost', async () => {
    const openAgain = () => openFunctionStore(file, { ...options, mayCreate: false });
    await expect(openAgain()).rejects.toThrow(/Restore it from a backup/);
    expect(readdirSync(directory)).toEqual([]);
    writeFileSync(file, '');
    await expect(openAgain()).rejects.toThrow(/Restore it from a backup/);
  });

  it('refuses what is no database and leaves it as it was', async () => {
    writeFileSync(file, 'precious notes'.repeat(500));
    await expect(openFunctionStore(file, options)).rejects.toThrow(/is damaged.*restore a backup/);
    expect(readFileSync(file, 'utf8')).toBe('precious notes'.repeat(500));
  });

  it('refuses a database with damage inside', async () => {
    await withFunctions(200);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 8192, bytes.length - 4096);
    writeFileSync(file, bytes);
    await expect(openFunctionStore(file, options)).rejects.toThrow(/is damaged/);
  });

  it('refuses a database that was cut short', async () => {
    await withFunctions(200);
    truncateSync(file, 8192);
    await expect(openFunctionStore(file, options)).rejects.toThrow(/is damaged/);
  });

  it("refuses another program's database and leaves it as it was", async () => {
    outside('CREATE TABLE recipes (name TEXT); PRAGMA application_id = 42; PRAGMA user_version = 1;');
    const before = readFileSync(file);
    await expect(openFunctionStore(file, options)).rejects.toThrow(/belongs to another program/);
    expect(readFileSync(file)).toEqual(before);
  });

  it('takes over a database of each earlier schema, with what it holds', async () => {
    for (let schema = 1; schema < functionsHistory.migrations.length; schema += 1) {
      const old = join(directory, `schema-${schema}.db`);
      const history = { ...functionsHistory, migrations: functionsHistory.migrations.slice(0, schema) };
      const connection = await openDatabase(old, history, options);
      const format = schema < schemaOfSimple ? 'seed' : 'simple';
      connection.exec(`
        BEGIN;
        INSERT INTO functions (id, name, current_version_id, settings, created_at, invoke_count)
          VALUES ('f', 'hello', 'v', '{"responseFormat":"${format}","memoryMiB":256}', 1, 7);
        INSERT INTO versions (id, function_id, number, sha256, code_bytes, file_count, created_at)
          VALUES ('v', 'f', 1, 'abc', 100, 1, 1);
        COMMIT;`);
      connection.close();
      const store = await openFunctionStore(old, { ...options, mayCreate: false });
      const [found] = await store.list();
      expect(found).toMatchObject({ id: 'f', name: 'hello', revision: 1, secrets: [], invokeCount: 7 });
      expect(found?.settings.chosen).toEqual({ responseFormat: 'simple', memoryMiB: 256 });
      expect(found?.version).toMatchObject({
        sha256: 'abc',
        codeSha256: null,
        publishedBy: null,
        publishedWith: null,
      });
      const next = { ...found!, revision: 2, secrets: [sealedSecret()] };
      await expect(store.replace(changeOf(next))).resolves.toBe('done');
      await store.close();
    }
  });

  it('refuses a database of a newer Glambdar', async () => {
    await withFunctions(1);
    outside(`PRAGMA user_version = ${functionsHistory.migrations.length + 1}`);
    await expect(openFunctionStore(file, options)).rejects.toThrow(/newer Glambdar/);
  });
});

describe('using the database', () => {
  let store: SqliteFunctionStore;

  beforeEach(async () => {
    store = await openFunctionStore(file, options);
  });

  afterEach(async () => {
    await store.close();
  });

  it('keeps what was chosen; the rest follows the defaults of the server that reads it', async () => {
    const chosen = { isolation: 'warm', environment: { A: 'b' } } as const;
    await store.insert(deployedFunction({ settings: chosen }));
    await store.close();
    store = await openFunctionStore(file, options, { ...builtInDefaults, memoryMiB: 512 });
    const [read] = await store.list();
    expect(read?.settings).toMatchObject({ ...chosen, memoryMiB: 512, timeoutSeconds: 30, chosen });
  });

  it('says that it is worth trying again while another program holds the lock, and works afterwards', async () => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const locked = { code: 'STORAGE_UNAVAILABLE', details: { retryAfterMs: 1000 } };
    await expect(store.insert(deployedFunction())).rejects.toMatchObject(locked);
    await expect(store.addInvocations([])).rejects.toMatchObject(locked);
    await expect(store.check()).rejects.toMatchObject(locked);
    await expect(store.list()).resolves.toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    await store.insert(deployedFunction());
    await store.check();
    await expect(store.list()).resolves.toHaveLength(1);
  });

  it('says that the disk is full, changes nothing, and works when there is room again', async () => {
    const connection = await openDatabase(join(directory, 'small.db'), functionsHistory, options);
    const small = new SqliteFunctionStore(() => Promise.resolve(connection), options.lockTimeoutMs);
    await small.open();
    connection.exec('PRAGMA max_page_count = 20');
    let inserted = 0;
    const fill = async () => {
      for (; ; inserted += 1) await small.insert(deployedFunction());
    };
    await expect(fill()).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
    await expect(small.list()).resolves.toHaveLength(inserted);
    connection.exec('PRAGMA max_page_count = 2000');
    await small.insert(deployedFunction());
    await expect(small.list()).resolves.toHaveLength(inserted + 1);
    await small.close();
  });

  it('waits for the disk when it deploys and removes, also after counting', async () => {
    const connection = await openDatabase(join(directory, 'counted.db'), functionsHistory, options);
    const counted = new SqliteFunctionStore(() => Promise.resolve(connection), options.lockTimeoutMs);
    await counted.open();
    await counted.addInvocations([]);
    expect(connection.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(connection.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 20 });
    await counted.close();
  });
});

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contractAuditEntries, describeAuthStore } from '../../../test/contract/auth-store.contract.js';
import {
  InMemoryAuditStore,
  InMemoryKeyStore,
  InMemorySessionStore,
} from '../../../test/fakes/in-memory-auth-store.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { openDatabase } from '../../storage/sqlite/open-database.js';
import { AuthDatabase, authHistory } from './sqlite/auth-database.js';
import { SqliteAuditStore, SqliteKeyStore, SqliteSessionStore } from './sqlite/sqlite-auth-stores.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-access-'));
  file = join(directory, 'access.sqlite');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function open() {
  const database = await AuthDatabase.open(file, {
    lockTimeoutMs: 20,
    maxAuditEntries: contractAuditEntries,
  });
  return {
    keys: new SqliteKeyStore(database),
    sessions: new SqliteSessionStore(database),
    audit: new SqliteAuditStore(database),
    close: () => database.close(),
  };
}

describeAuthStore('the in-memory fakes', async () => {
  const audit = new InMemoryAuditStore(contractAuditEntries);
  const keys = new InMemoryKeyStore(audit);
  const sessions = new InMemorySessionStore(audit, keys);
  return { audit, keys, sessions, close: async () => undefined };
});

describeAuthStore('SQLite', async () => open());

/** Runs statements as another program would. */
function outside(sql: string): void {
  const other = new DatabaseSync(file);
  try {
    other.exec(sql);
  } finally {
    other.close();
  }
}

describe('the database of keys', () => {
  it('can be read by its owner only, and is found again', async () => {
    const first = await open();
    const key = apiKey();
    await first.keys.insert(key, auditEntry());
    await first.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await open();
    await expect(second.keys.list()).resolves.toEqual([key]);
    await second.close();
  });

  it('takes over a database of an earlier schema, with its trail', async () => {
    const history = { ...authHistory, migrations: authHistory.migrations.slice(0, 1) };
    const old = await openDatabase(file, history, { lockTimeoutMs: 20, mayCreate: true });
    old.exec(
      `INSERT INTO audit (at, actor, action, target, outcome) VALUES (1, 'local', 'function.deploy', 'a', 'done')`,
    );
    old.close();
    const { audit, close } = await open();
    await audit.append(auditEntry({ sha256: 'a'.repeat(64) }));
    await expect(audit.after(0, 10)).resolves.toMatchObject([
      { sequence: 1, target: 'a', sha256: null },
      { sequence: 2, sha256: 'a'.repeat(64) },
    ]);
    await close();
  });

  it('takes over keys that were made before keys could be limited: they are not', async () => {
    const history = { ...authHistory, migrations: authHistory.migrations.slice(0, 2) };
    const old = await openDatabase(file, history, { lockTimeoutMs: 20, mayCreate: true });
    old.exec(
      `INSERT INTO keys (id, name, scopes, secret_hash, created_at)
         VALUES ('0123456789ab', 'ci', '["admin"]', zeroblob(32), 1)`,
    );
    old.close();
    const { keys, close } = await open();
    await expect(keys.list()).resolves.toMatchObject([
      { id: '0123456789ab', scopes: ['admin'], functions: null },
    ]);
    await close();
  });

  it('shows the server what a command has done beside it', async () => {
    const server = await open();
    const before = await server.keys.revision();
    const command = await open();
    const key = apiKey();
    await command.keys.insert(key, auditEntry());
    await command.close();
    await expect(server.keys.revision()).resolves.not.toBe(before);
    await expect(server.keys.list()).resolves.toEqual([key]);
    await server.close();
  });

  it('can be made by two programs at once', async () => {
    const both = [await open(), await open()];
    for (const { keys } of both) await keys.insert(apiKey(), auditEntry());
    await expect(both[0]!.keys.list()).resolves.toHaveLength(2);
    for (const { close } of both) await close();
  });

  it('makes no key that it cannot record', async () => {
    const { keys, close } = await open();
    outside("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
    await expect(keys.insert(apiKey(), auditEntry())).rejects.toThrow();
    await expect(keys.list()).resolves.toEqual([]);
    await close();
  });

  it('lets no entry of the audit trail be changed', async () => {
    const { audit, close } = await open();
    await audit.append(auditEntry());
    expect(() => {
      outside("UPDATE audit SET actor = 'somebody else'");
    }).toThrow(/never changed/);
    await close();
  });

  it('says that it is worth trying again while another program holds its lock', async () => {
    const { keys, close } = await open();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const locked = { code: 'STORAGE_UNAVAILABLE', details: { retryAfterMs: 1000 } };
    await expect(keys.insert(apiKey(), auditEntry())).rejects.toMatchObject(locked);
    await expect(keys.list()).resolves.toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    await keys.insert(apiKey(), auditEntry());
    await close();
  });
});

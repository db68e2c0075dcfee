import { InMemoryAuditStore, InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { auditLine } from '../audit/stored-audit-trail.js';
import type { ApiKey } from './api-key.js';
import { KeyService } from './key.service.js';

const wanted = { name: 'ci', scopes: ['functions:deploy'], functions: null, expiresAt: null } as const;
const by = { actor: 'local', requestId: 'r-1', address: '127.0.0.1' };

let audit: InMemoryAuditStore;
let store: InMemoryKeyStore;
let log: RecordingLog;
let changed: ApiKey[];
let keys: KeyService;

beforeEach(() => {
  audit = new InMemoryAuditStore();
  store = new InMemoryKeyStore(audit);
  log = new RecordingLog();
  changed = [];
  keys = new KeyService(store, new ManualClock(), 2, auditLine(log), (key) => changed.push(key));
});

describe('making a key', () => {
  it('shows it once and keeps only a hash of its secret', async () => {
    const { key, text } = await keys.create(wanted, by);
    const kept = (await store.list())[0];
    expect(kept).toEqual(key);
    expect(text).toContain(key.id);
    expect(JSON.stringify(kept)).not.toContain(text.slice(-43));
    expect(changed).toEqual([key]);
  });

  it('is recorded, in the trail and in the log, without its secret', async () => {
    const { key, text } = await keys.create(wanted, by);
    const reported = { ...by, action: 'key.create', target: key.id, outcome: 'done' };
    await expect(audit.after(0, 10)).resolves.toMatchObject([reported]);
    expect(log.lines).toEqual([{ level: 'info', message: 'audit', fields: reported }]);
    expect(JSON.stringify([await audit.after(0, 10), log.lines])).not.toContain(text.slice(-43));
  });

  it('is refused when there are as many as there may be, until one is revoked', async () => {
    const { key } = await keys.create(wanted, by);
    await keys.create(wanted, by);
    await expect(keys.create(wanted, by)).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
    await keys.revoke(key.id, by);
    await expect(keys.create(wanted, by)).resolves.toBeDefined();
  });

  it('has not happened when the store refuses', async () => {
    await store.list();
    store.failNext();
    await expect(keys.create(wanted, by)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect([changed, log.lines, await store.list()]).toEqual([[], [], []]);
  });
});

describe('revoking a key', () => {
  it('takes effect at once and is recorded', async () => {
    const { key } = await keys.create(wanted, by);
    await keys.revoke(key.id, { ...by, actor: 'aaaaaaaaaaaa' });
    expect(changed.at(-1)).toMatchObject({ id: key.id, revokedAt: new Date('2026-01-01T00:00:00.000Z') });
    await expect(audit.after(1, 10)).resolves.toMatchObject([
      { actor: 'aaaaaaaaaaaa', action: 'key.revoke', target: key.id },
    ]);
  });

  it('says so when there is none, or none any more', async () => {
    const { key } = await keys.create(wanted, by);
    await keys.revoke(key.id, by);
    for (const id of [key.id, 'ffffffffffff', '../..']) {
      await expect(keys.revoke(id, by)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    }
  });
});

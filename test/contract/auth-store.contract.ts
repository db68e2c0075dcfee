import { newSession } from '../../src/auth/sessions/session.js';
import type { AuditRange, AuditStore, KeyStore, SessionStore } from '../../src/auth/store/auth-stores.js';
import { apiKey, auditEntry } from '../support/builders/functions.js';

export interface AccessStores {
  readonly keys: KeyStore;
  readonly sessions: SessionStore;
  /** Keeps the newest five entries. */
  readonly audit: AuditStore;
  close(): Promise<void>;
}

export const contractAuditEntries = 5;

const now = new Date('2026-01-31T12:00:00.000Z');
const later = new Date('2026-01-31T13:00:00.000Z');

/** What every `KeyStore` promises, and the `SessionStore` and `AuditStore` beside it. `makeStores` gives empty ones. */
export function describeAuthStore(adapter: string, makeStores: () => Promise<AccessStores>): void {
  describe(`the contracts of KeyStore, SessionStore and AuditStore, kept by ${adapter}`, () => {
    let stores: AccessStores;

    beforeEach(async () => {
      stores = await makeStores();
    });

    afterEach(() => stores.close());

    const trail = () => stores.audit.after(0, 100);

    it('are empty at first', async () => {
      await expect(stores.keys.list()).resolves.toEqual([]);
      await expect(trail()).resolves.toEqual([]);
    });

    it('give back exactly the keys that were inserted, in their order', async () => {
      const first = apiKey({ expiresAt: new Date('2027-01-01T00:00:00.000Z'), lastUsedOn: '2026-01-31' });
      const second = apiKey({ scopes: ['functions:deploy', 'admin'], functions: ['shop-*', 'mail'] });
      await stores.keys.insert(first, auditEntry());
      await stores.keys.insert(second, auditEntry());
      await expect(stores.keys.list()).resolves.toEqual([first, second]);
    });

    it('record the making of a key together with the key', async () => {
      const entry = auditEntry({ requestId: 'r-1', address: '192.0.2.7', sha256: 'a'.repeat(64) });
      await stores.keys.insert(apiKey(), entry);
      await expect(trail()).resolves.toEqual([{ sequence: 1, ...entry }]);
    });

    it('revoke a key as of the time of the entry, and record it', async () => {
      const key = apiKey();
      await stores.keys.insert(key, auditEntry());
      const entry = auditEntry({ action: 'key.revoke', target: key.id });
      const revoked = { ...key, revokedAt: entry.at };
      await expect(stores.keys.revoke(key.id, entry)).resolves.toEqual(revoked);
      await expect(stores.keys.list()).resolves.toEqual([revoked]);
      await expect(trail()).resolves.toMatchObject([{}, { action: 'key.revoke', target: key.id }]);
    });

    it('revoke a key once, and record nothing where nothing was revoked', async () => {
      const key = apiKey();
      await stores.keys.insert(key, auditEntry());
      await stores.keys.revoke(key.id, auditEntry());
      const later = auditEntry({ at: new Date('2026-02-01T00:00:00.000Z') });
      await expect(stores.keys.revoke(key.id, later)).resolves.toBeUndefined();
      await expect(stores.keys.revoke('ffffffffffff', later)).resolves.toBeUndefined();
      await expect(trail()).resolves.toHaveLength(2);
    });

    it('remember the day of the last use, of keys that are there', async () => {
      const key = apiKey();
      await stores.keys.insert(key, auditEntry());
      await stores.keys.markUsed(key.id, '2026-03-04');
      await stores.keys.markUsed('ffffffffffff', '2026-03-04');
      await expect(stores.keys.list()).resolves.toEqual([{ ...key, lastUsedOn: '2026-03-04' }]);
    });

    it('keep their revision as long as nobody else writes', async () => {
      const before = await stores.keys.revision();
      await stores.keys.insert(apiKey(), auditEntry());
      await expect(stores.keys.revision()).resolves.toBe(before);
    });

    it('give back exactly the sessions that were inserted, in their order, and record each', async () => {
      const key = apiKey();
      await stores.keys.insert(key, auditEntry());
      const [first, second] = [newSession(key, now).session, newSession(key, now).session];
      const entry = auditEntry({ action: 'session.create', target: first.id, actor: key.id });
      await stores.sessions.insert(first, [], [entry]);
      await stores.sessions.insert(second, [], []);
      await expect(stores.sessions.list()).resolves.toEqual([first, second]);
      await expect(trail()).resolves.toMatchObject([{}, entry]);
    });

    it('delete with a new session those that it ends, that have expired, or whose key is revoked', async () => {
      const [key, lost] = [apiKey(), apiKey()];
      for (const one of [key, lost]) await stores.keys.insert(one, auditEntry());
      const staying = newSession(key, now).session;
      const ended = newSession(key, now).session;
      const expired = newSession({ ...key, expiresAt: later }, now).session;
      const orphan = newSession(lost, now).session;
      for (const one of [staying, ended, expired, orphan]) await stores.sessions.insert(one, [], []);
      await stores.keys.revoke(lost.id, auditEntry());
      const added = newSession(key, later).session;
      await stores.sessions.insert(added, [ended.id], []);
      await expect(stores.sessions.list()).resolves.toEqual([staying, added]);
    });

    it('delete a session once, and record nothing where there was none', async () => {
      const key = apiKey();
      await stores.keys.insert(key, auditEntry());
      const { session } = newSession(key, now);
      await stores.sessions.insert(session, [], []);
      const entry = auditEntry({ action: 'session.end', target: session.id });
      await expect(stores.sessions.delete(session.id, entry)).resolves.toBe(true);
      await expect(stores.sessions.delete(session.id, entry)).resolves.toBe(false);
      await expect(stores.sessions.list()).resolves.toEqual([]);
      await expect(trail()).resolves.toMatchObject([{}, entry]);
    });

    it('give the audit trail in pages, oldest first', async () => {
      for (const target of ['a', 'b', 'c']) await stores.audit.append(auditEntry({ target }));
      await expect(stores.audit.after(1, 1)).resolves.toMatchObject([{ sequence: 2, target: 'b' }]);
      await expect(stores.audit.after(3, 1)).resolves.toEqual([]);
    });

    it('give the audit trail from its end, and between two entries', async () => {
      for (const target of ['a', 'b', 'c', 'd']) await stores.audit.append(auditEntry({ target }));
      const targets = async (
        after: number,
        before: number | undefined,
        order: AuditRange['order'],
        limit: number,
      ) => (await stores.audit.page({ after, before, order }, limit)).map(({ target }) => target).join('');
      expect(await targets(0, undefined, 'newest', 3)).toBe('dcb');
      expect(await targets(0, 2, 'newest', 3)).toBe('a');
      expect(await targets(1, 4, 'newest', 3)).toBe('cb');
      expect(await targets(1, 4, 'oldest', 1)).toBe('b');
    });

    it('forget the oldest entries beyond the limit, and use no number again', async () => {
      for (let i = 0; i < contractAuditEntries + 3; i += 1) await stores.audit.append(auditEntry());
      const numbers = (await trail()).map(({ sequence }) => sequence);
      expect(numbers).toEqual([4, 5, 6, 7, 8]);
    });
  });
}

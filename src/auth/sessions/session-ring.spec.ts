import {
  InMemoryAuditStore,
  InMemoryKeyStore,
  InMemorySessionStore,
} from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { auditLine } from '../audit/stored-audit-trail.js';
import type { ApiKey } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { SessionRing } from './session-ring.js';
import { csrfTokenOf, isCsrfToken, longestSessionMs, newSession, sessionTokens } from './session.js';

const by = (key: ApiKey) => ({ actor: key.id, requestId: 'r-1', address: '192.0.2.7' });
const limits = { perKey: 2, total: 3 };

async function world(...keys: ApiKey[]) {
  const [audit, clock, log] = [new InMemoryAuditStore(), new ManualClock(), new RecordingLog()];
  const keyStore = new InMemoryKeyStore(audit);
  for (const key of keys) await keyStore.insert(key, auditEntry());
  const store = new InMemorySessionStore(audit, keyStore);
  const ring = new KeyRing(keyStore, clock, log);
  await ring.load();
  const restarted = async () => {
    const sessions = new SessionRing(store, ring, clock, limits, auditLine(log));
    await sessions.load();
    return sessions;
  };
  const sessions = await restarted();
  const start = async (key: ApiKey) => (await sessions.start(key, by(key), undefined)).text;
  const trail = async () =>
    (await audit.after(keys.length, 100)).map(({ action, target }) => [action, target]);
  return { audit, clock, log, keyStore, store, ring, sessions, restarted, start, trail };
}

describe('a session', () => {
  it('is known by its cookie alone, and by nothing like it', async () => {
    const key = apiKey();
    const { sessions, start } = await world(key);
    const text = await start(key);
    const session = sessions.verify(text);
    expect(session).toMatchObject({ keyId: key.id });
    const other = sessionTokens.mint();
    const sameId = `gls_${session?.id}_${other.text.slice(-43)}`;
    for (const wrong of [
      '',
      'x',
      `${text}x`,
      text.slice(0, -1),
      other.text,
      sameId,
      text.replace('gls', 'glb'),
    ])
      expect(sessions.verify(wrong)).toBeUndefined();
  });

  it('is kept over a restart, and of its secret only the hash', async () => {
    const key = apiKey();
    const { store, start, restarted } = await world(key);
    const text = await start(key);
    expect((await restarted()).verify(text)).toMatchObject({ keyId: key.id });
    expect(JSON.stringify(await store.list())).not.toContain(text.slice(-43));
  });

  it('ends after twelve hours', async () => {
    const key = apiKey();
    const { sessions, clock, start } = await world(key);
    const text = await start(key);
    clock.advance(longestSessionMs - 1);
    expect(sessions.verify(text)).toBeDefined();
    clock.advance(1);
    expect(sessions.verify(text)).toBeUndefined();
  });

  it('ends then although the clock is set back, also in the middle of a restart', async () => {
    const key = apiKey();
    const { sessions, clock, start, restarted } = await world(key);
    const text = await start(key);
    clock.stepWallTime(-365 * 86_400_000);
    const again = await restarted();
    clock.advance(longestSessionMs - 1);
    expect([sessions.verify(text), again.verify(text)]).toMatchObject([{}, {}]);
    clock.advance(1);
    expect([sessions.verify(text), again.verify(text)]).toEqual([undefined, undefined]);
  });

  it('ends with its key: at its expiry', async () => {
    const clock = new ManualClock();
    const key = apiKey({ expiresAt: new Date(clock.wallTime().getTime() + 5000) });
    const { sessions, start, clock: now } = await world(key);
    const text = await start(key);
    expect(sessions.verify(text)?.expiresAt).toEqual(key.expiresAt);
    now.advance(5000);
    expect(sessions.verify(text)).toBeUndefined();
  });

  it('ends with its key: at once when another program revokes it or its database is gone', async () => {
    for (const change of ['revoke', 'clear']) {
      const key = apiKey();
      const { sessions, clock, keyStore, ring, start } = await world(key);
      const text = await start(key);
      if (change === 'clear') keyStore.clearElsewhere();
      else keyStore.changeElsewhere({ ...key, revokedAt: clock.wallTime() });
      clock.advance(1000);
      await ring.refresh();
      expect(sessions.verify(text)).toBeUndefined();
    }
  });

  it('ends when its owner signs out, for good', async () => {
    const key = apiKey();
    const { sessions, start, restarted, trail } = await world(key);
    const text = await start(key);
    const session = sessions.verify(text);
    if (!session) throw new Error('no session');
    await sessions.end(session, by(key));
    await sessions.end(session, by(key));
    expect(sessions.verify(text)).toBeUndefined();
    expect((await restarted()).verify(text)).toBeUndefined();
    await expect(trail()).resolves.toEqual([
      ['session.create', session.id],
      ['session.end', session.id],
    ]);
  });

  it('goes on where the store cannot end it, and begins none that the store cannot keep', async () => {
    const key = apiKey();
    const { sessions, store, start } = await world(key);
    const texts = [await start(key), await start(key)];
    const session = sessions.verify(texts[0] ?? '');
    if (!session) throw new Error('no session');
    store.failNext();
    await expect(sessions.end(session, by(key))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    store.failNext();
    await expect(start(key)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    for (const text of texts) expect(sessions.verify(text)).toBeDefined();
  });

  it('takes the place of the one that the browser had', async () => {
    const key = apiKey();
    const { sessions, start, trail } = await world(key);
    const text = await start(key);
    const former = sessions.verify(text);
    const { text: next, session } = await sessions.start(key, by(key), former);
    expect([sessions.verify(text), sessions.verify(next)]).toEqual([undefined, session]);
    await expect(trail()).resolves.toEqual([
      ['session.create', former?.id],
      ['session.create', session.id],
      ['session.end', former?.id],
    ]);
  });
});

describe('more sessions than there may be', () => {
  it('end the oldest of their key, and of no other', async () => {
    const [one, other] = [apiKey(), apiKey()];
    const { sessions, start, store } = await world(one, other);
    const texts = [await start(other), await start(one), await start(one), await start(one)];
    expect(texts.map((text) => sessions.verify(text) !== undefined)).toEqual([true, false, true, true]);
    await expect(store.list()).resolves.toHaveLength(3);
  });

  it('end the oldest of all where there are too many of all', async () => {
    const keys = [apiKey(), apiKey(), apiKey(), apiKey()];
    const { sessions, start } = await world(...keys);
    const texts: string[] = [];
    for (const key of keys) texts.push(await start(key));
    expect(texts.map((text) => sessions.verify(text) !== undefined)).toEqual([false, true, true, true]);
  });

  it('are as few when they begin at once', async () => {
    const key = apiKey();
    const { sessions, start, store } = await world(key);
    const texts = await Promise.all(Array.from({ length: 5 }, () => start(key)));
    expect(texts.filter((text) => sessions.verify(text) !== undefined)).toHaveLength(limits.perKey);
    await expect(store.list()).resolves.toHaveLength(limits.perKey);
  });

  it('do not count those that are over', async () => {
    const [one, other] = [apiKey(), apiKey()];
    const { sessions, clock, start } = await world(one, other);
    await start(one);
    await start(one);
    clock.advance(longestSessionMs);
    const texts = [await start(other), await start(one), await start(one)];
    expect(texts.map((text) => sessions.verify(text) !== undefined)).toEqual([true, true, true]);
  });
});

describe('the log', () => {
  it('has what the audit log has, and no secret', async () => {
    const key = apiKey();
    const { start, log } = await world(key);
    const text = await start(key);
    expect(log.lines).toMatchObject([
      { message: 'audit', fields: { action: 'session.create', actor: key.id, requestId: 'r-1' } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain(text.slice(-43));
  });
});

describe('the token against forged requests', () => {
  const { text } = newSession(apiKey(), new Date());

  it('follows from the session, does not tell what it is, and is right for no other', () => {
    const token = csrfTokenOf(text);
    expect(text).not.toContain(token);
    expect(isCsrfToken(token, text)).toBe(true);
    expect(isCsrfToken(token, newSession(apiKey(), new Date()).text)).toBe(false);
  });

  it.each([undefined, '', 'x', ['a'], csrfTokenOf('another'), `${csrfTokenOf(text)}x`])(
    'is not %j',
    (shown) => {
      expect(isCsrfToken(shown, text)).toBe(false);
    },
  );
});

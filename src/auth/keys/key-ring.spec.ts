import { InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { type ApiKey, keyTokens } from './api-key.js';
import { KeyRing } from './key-ring.js';

let clock: ManualClock;
let log: RecordingLog;
let store: InMemoryKeyStore;

beforeEach(() => {
  clock = new ManualClock();
  log = new RecordingLog();
  store = new InMemoryKeyStore();
});

function minted(overrides: Partial<ApiKey> = {}) {
  const { id, text, secretHash } = keyTokens.mint();
  return { key: apiKey({ id, secretHash, ...overrides }), text };
}

async function ringWith(...keys: ApiKey[]): Promise<KeyRing> {
  for (const key of keys) await store.insert(key, auditEntry());
  const ring = new KeyRing(store, clock, log);
  await ring.load();
  return ring;
}

/** Another second has passed, so that the next request looks again. */
async function later(ring: KeyRing): Promise<void> {
  clock.advance(1000);
  await ring.refresh();
}

describe('a key that is shown', () => {
  it('is the one that was made', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key, apiKey());
    expect(ring.verify(text)).toMatchObject({ keyId: key.id, scopes: key.scopes });
  });

  it('comes with the functions that it is limited to', async () => {
    const [limited, unlimited] = [minted({ functions: ['shop-*'] }), minted()];
    const ring = await ringWith(limited.key, unlimited.key);
    const reach = ring.verify(limited.text)?.reach;
    expect([reach?.isLimited, reach?.includes('shop-cart'), reach?.includes('mail')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(ring.verify(unlimited.text)?.reach.isLimited).toBe(false);
    // The use of a day is written down once, and the key held anew.
    expect(ring.verify(limited.text)?.reach.includes('mail')).toBe(false);
  });

  it('is refused when its secret is another one, or its id is unknown', async () => {
    const { key } = minted();
    const ring = await ringWith(key);
    const wrongSecret = minted().text.replace(/glb_.{12}/, `glb_${key.id}`);
    expect(ring.verify(wrongSecret)).toBeUndefined();
    expect(ring.verify(minted().text)).toBeUndefined();
    expect(ring.verify('')).toBeUndefined();
  });

  it('is refused from the moment that it expires', async () => {
    const { key, text } = minted({ expiresAt: new Date('2026-01-01T00:01:00.000Z') });
    const ring = await ringWith(key);
    clock.advance(59_999);
    expect(ring.verify(text)).toBeDefined();
    clock.advance(1);
    expect(ring.verify(text)).toBeUndefined();
  });

  it('is refused at once when this server has revoked it', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key);
    ring.put({ ...key, revokedAt: clock.wallTime() });
    expect(ring.verify(text)).toBeUndefined();
  });

  it('is refused within a second when a command has revoked it', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key);
    await ring.refresh();
    store.changeElsewhere({ ...key, revokedAt: clock.wallTime() });
    expect(ring.refresh()).toBeUndefined();
    await later(ring);
    expect(ring.verify(text)).toBeUndefined();
  });
});

describe('keys', () => {
  it('are not needed before there is one, and are when a command has made it', async () => {
    const ring = await ringWith();
    expect(ring.inForce).toBe(false);
    store.changeElsewhere(apiKey());
    await later(ring);
    expect(ring.inForce).toBe(true);
  });

  it.each([
    ['revoked', { revokedAt: new Date(0) }],
    ['expired', { expiresAt: new Date(0) }],
  ])('are needed when the only one is %s: that must not open the server', async (_, overrides) => {
    expect((await ringWith(apiKey(overrides))).inForce).toBe(true);
  });

  it('are still needed when their database has vanished', async () => {
    const ring = await ringWith(apiKey());
    store.clearElsewhere();
    await later(ring);
    expect(ring.inForce).toBe(true);
  });

  it('stay as they were, with a warning, while they cannot be read', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key);
    store.failNext();
    await later(ring);
    expect(ring.verify(text)).toBeDefined();
    expect(log.messagesAt('warn')).toHaveLength(1);
  });

  it('that this server makes while it reads are not lost', async () => {
    const { key, text } = minted();
    const ring = await ringWith(apiKey());
    store.changeElsewhere(apiKey());
    clock.advance(1000);
    const reading = ring.refresh();
    ring.put(key);
    await reading;
    expect(ring.verify(text)).toBeDefined();
  });

  it('that cannot be read at the start keep the server from starting', async () => {
    store.failNext();
    await expect(ringWith()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});

describe('the use of a key', () => {
  it('is written down once a day', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key);
    const days: string[] = [];
    store.markUsed = async (_, day) => void days.push(day);
    for (const hours of [0, 1, 22.9, 0.2, 1, 24]) {
      clock.advance(hours * 3_600_000);
      ring.verify(text);
    }
    expect(days).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
  });

  it('is none where the key was refused', async () => {
    const { key } = minted();
    const ring = await ringWith(key);
    ring.verify(`Bearer glb_${key.id}_${'x'.repeat(43)}`);
    await expect(store.list()).resolves.toEqual([key]);
  });

  it('succeeds also when it cannot be written down', async () => {
    const { key, text } = minted();
    const ring = await ringWith(key);
    store.failNext();
    expect(ring.verify(text)).toBeDefined();
    await Promise.resolve();
    expect(log.messagesAt('warn')).toHaveLength(1);
  });
});

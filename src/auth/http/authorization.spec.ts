import {
  InMemoryAuditStore,
  InMemoryKeyStore,
  InMemorySessionStore,
} from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { everyFunction } from '../../common/auth/caller.js';
import type { ApiKey } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { SessionRing } from '../sessions/session-ring.js';
import { longestSessionMs } from '../sessions/session.js';
import { StandingKeys } from './authorization.js';

async function standing(...keys: ApiKey[]) {
  const [store, clock] = [new InMemoryKeyStore(), new ManualClock()];
  for (const key of keys) await store.insert(key, auditEntry());
  const ring = new KeyRing(store, clock, new RecordingLog());
  await ring.load();
  const sessions = new SessionRing(
    new InMemorySessionStore(new InMemoryAuditStore()),
    ring,
    clock,
    { perKey: 2, total: 2 },
    () => undefined,
  );
  const access = new StandingKeys(ring, sessions, clock);
  const lossOf = (keyId: string | undefined, name = 'hello', sessionId?: string) =>
    access.lossOf(
      { keyId, sessionId, address: '127.0.0.1', scopes: ['logs:read'], reach: everyFunction },
      'logs:read',
      name,
    );
  return { store, clock, sessions, access, lossOf };
}

describe('who was let in', () => {
  it('stays so while the key is good', async () => {
    const key = apiKey({ scopes: ['logs:read'], functions: ['hel*'] });
    const { lossOf } = await standing(key);
    expect(lossOf(key.id)).toBeUndefined();
  });

  it('is out when another program has revoked the key, as soon as the keys are looked at', async () => {
    const key = apiKey({ scopes: ['logs:read'] });
    const { store, clock, access, lossOf } = await standing(key);
    store.changeElsewhere({ ...key, revokedAt: clock.wallTime() });
    clock.advance(400);
    await access.refresh();
    expect(lossOf(key.id)).toBe('revoked');
  });

  it('is out when the session has ended, although the key is good', async () => {
    const key = apiKey({ scopes: ['logs:read'] });
    const { clock, sessions, lossOf } = await standing(key);
    const by = { actor: key.id, requestId: null, address: null };
    const [ended, lasting] = [
      await sessions.start(key, by, undefined),
      await sessions.start(key, by, undefined),
    ];
    await sessions.end(ended.session, by);
    const losses = () => [ended, lasting].map(({ session }) => lossOf(key.id, 'hello', session.id));
    expect(losses()).toEqual(['signed-out', undefined]);
    clock.advance(longestSessionMs);
    expect(losses()).toEqual(['signed-out', 'signed-out']);
  });

  it('is out when the key has expired', async () => {
    const { clock, lossOf } = await standing();
    const expiresAt = new Date(clock.wallTime().getTime() + 1000);
    const key = apiKey({ scopes: ['logs:read'], expiresAt });
    const made = await standing(key);
    made.clock.advance(999);
    expect([lossOf(undefined), made.lossOf(key.id)]).toEqual([undefined, undefined]);
    made.clock.advance(1);
    expect(made.lossOf(key.id)).toBe('expired');
  });

  it.each([
    ['another function', { scopes: ['logs:read'], functions: ['shop-*'] }],
    ['another scope', { scopes: ['functions:invoke'] }],
  ] as const)('is out where the key is for %s', async (_, limits) => {
    const key = apiKey(limits);
    const { lossOf } = await standing(key);
    expect(lossOf(key.id)).toBe('forbidden');
  });

  it('without a key is out once there is one', async () => {
    const { store, clock, access, lossOf } = await standing();
    expect(lossOf(undefined)).toBeUndefined();
    store.changeElsewhere(apiKey());
    clock.advance(400);
    await access.refresh();
    expect(lossOf(undefined)).toBe('key-needed');
  });
});

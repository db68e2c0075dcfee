import { InMemoryKeyStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { apiKey, auditEntry } from '../../../test/support/builders/functions.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { KeyRing } from '../keys/key-ring.js';
import { BindPolicy, OpenServerRefused } from './bind-policy.js';

const log = new RecordingLog();
afterEach(() => log.lines.splice(0));

async function server(has: { readonly key: boolean } & Partial<AuthSettings>): Promise<BindPolicy> {
  const { key, ...set } = has;
  const store = new InMemoryKeyStore();
  if (key) await store.insert(apiKey(), auditEntry());
  const settings = authSettings.config() as AuthSettings;
  const ring = new KeyRing(store, new ManualClock(), log);
  await ring.load();
  return new BindPolicy(ring, log, { ...settings, ...set });
}

describe('a server that has no key', () => {
  it('may listen where only its own machine reaches it, and says that it is open', async () => {
    (await server({ key: false })).require('127.0.0.1');
    expect(log.messagesAt('info')).toHaveLength(1);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7'])('may not listen on %s, and says how to fix it', async (address) => {
    const listening = await server({ key: false });
    expect(() => {
      listening.require(address);
    }).toThrow(OpenServerRefused);
    expect(() => {
      listening.require(address);
    }).toThrow(/npm run keys .*GLAMBDAR_HOST.*GLAMBDAR_INSECURE_NO_AUTH/);
  });

  it('may have pages of other ports of its machine', async () => {
    (await server({ key: false, allowedHosts: 'http://localhost:3000' })).require('127.0.0.1');
    expect(log.messagesAt('info')).toHaveLength(1);
  });

  it.each([
    { allowedHosts: 'fn.example.com' },
    { allowedHosts: 'https://app.example.com' },
    { trustedProxies: '127.0.0.1' },
  ])('may not stand behind a proxy: %j', async (set) => {
    const listening = await server({ key: false, ...set });
    expect(() => {
      listening.require('127.0.0.1');
    }).toThrow(/through a proxy.*npm run keys/);
  });

  it('may listen anywhere if the operator insists, and warns', async () => {
    const listening = await server({ key: false, insecureNoAuth: true });
    listening.require('0.0.0.0');
    expect(log.messagesAt('warn')).toHaveLength(1);
    expect(listening.isOpenToOthers).toBe(true);
  });

  it('is open to others only where they reach it', async () => {
    const listening = await server({ key: false });
    listening.require('127.0.0.1');
    expect([listening.isOpen, listening.isOpenToOthers]).toEqual([true, false]);
  });
});

describe('a server that has a key', () => {
  it('may listen anywhere', async () => {
    const listening = await server({ key: true });
    listening.require('0.0.0.0');
    expect([listening.isOpen, listening.isOpenToOthers, log.lines]).toEqual([false, false, []]);
  });
});

import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import {
  changeOf,
  deployedFunction,
  sealedSecret,
  testVault,
} from '../../test/support/builders/functions.js';
import { Catalogue } from '../functions/catalogue.js';
import { InProcessChangeFeed } from '../functions/change-feed.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { InvocationCounter } from '../functions/invocation-counter.js';
import { LoadOutcomes } from '../functions/load-outcomes.js';
import { parseSecretKey } from '../functions/sealed-secret.js';
import { newMasterKey } from './master-keys.js';
import { resealSecrets } from './secret-vault.js';

const [old, current] = [newMasterKey(), newMasterKey()];
const key = parseSecretKey('API_TOKEN');
let store: InMemoryFunctionStore;
let log: RecordingLog;
let catalogue: Catalogue;
beforeEach(() => {
  store = new InMemoryFunctionStore();
  log = new RecordingLog();
});

/** As at boot, after the records were read. */
function registryOf(...functions: DeployedFunction[]): FunctionRegistry {
  const clock = new ManualClock();
  const counter = new InvocationCounter(store, clock, log);
  const registry = new FunctionRegistry(counter, clock, 10, functions);
  const [feed, events] = [new InProcessChangeFeed(log), new FunctionEvents(log)];
  const loadOutcomes = new LoadOutcomes(registry, store, log);
  catalogue = new Catalogue(registry, store, feed, events, counter, loadOutcomes, log);
  return registry;
}

/** A function with a secret that `masterKey` has sealed. */
async function withSecret(masterKey: string): Promise<DeployedFunction> {
  const plain = deployedFunction();
  const value = testVault(log, masterKey).seal(plain.id, key, 'hush');
  const deployed = { ...plain, secrets: [sealedSecret(key, value)] };
  await store.insert(deployed);
  return deployed;
}

describe('resealSecrets', () => {
  it('leaves everything alone when nothing is to be done', async () => {
    const deployed = await withSecret(current);
    const registry = registryOf(deployed);
    await resealSecrets(registry, catalogue, store, testVault(log, current), log);
    expect(registry.list()).toEqual([deployed]);
    expect(log.lines).toEqual([]);
  });

  it('seals anew what an earlier key has sealed, in the store as well, and says that the key may go', async () => {
    const registry = registryOf(await withSecret(old), await withSecret(current));
    await resealSecrets(registry, catalogue, store, testVault(log, current, old), log);
    const after = registry.list();
    const withoutOld = testVault(log, current);
    expect(after.map((deployed) => withoutOld.open(deployed))).toEqual([
      { API_TOKEN: 'hush' },
      { API_TOKEN: 'hush' },
    ]);
    expect(after.map(({ revision }) => revision)).toEqual([2, 1]);
    await expect(store.list()).resolves.toEqual(after);
    expect(log.lines).toMatchObject([{ level: 'info', fields: { secrets: 1 } }]);
  });

  it('keeps what no key opens, and says whose it is', async () => {
    const unreadable = await withSecret(old);
    const functions = [unreadable, deployedFunction()];
    const registry = registryOf(...functions);
    await resealSecrets(registry, catalogue, store, testVault(log, current), log);
    expect(registry.list()).toEqual(functions);
    const { name, secrets } = unreadable;
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { functions: [name], count: 1, masterKeys: [secrets[0]?.masterKeyId] } },
    ]);
  });

  it.each(['before', 'after'] as const)(
    'shows what the store holds when its answer is lost %s the change',
    async (when) => {
      const registry = registryOf(await withSecret(old));
      store.loseNextAnswer(when);
      await resealSecrets(registry, catalogue, store, testVault(log, current, old), log);
      await expect(store.list()).resolves.toEqual(registry.list());
    },
  );

  it('leaves to another server what that one has resealed meanwhile', async () => {
    const deployed = await withSecret(old);
    const registry = registryOf(deployed);
    const byOther = { ...deployed, revision: 2, secrets: [] };
    await store.replace(changeOf(byOther));
    await resealSecrets(registry, catalogue, store, testVault(log, current, old), log);
    expect(registry.list()).toEqual([byOther]);
  });

  it('fails when the store does: the server must not start with records that differ from its own', async () => {
    const registry = registryOf(await withSecret(old));
    store.failNext();
    await expect(
      resealSecrets(registry, catalogue, store, testVault(log, current, old), log),
    ).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });
});

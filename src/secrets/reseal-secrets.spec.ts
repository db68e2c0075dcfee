import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/deployed-function.js';
import { sealedSecret } from '../../test/support/builders/sealed-secret.js';
import { testVault } from '../../test/support/builders/vault.js';
import type { DeployedFunction } from '../functions/function.js';
import { newMasterKey } from './master-keys.js';
import { resealSecrets } from './reseal-secrets.js';
import { parseSecretKey } from '../functions/sealed-secret.js';

const [old, current] = [newMasterKey(), newMasterKey()];
const key = parseSecretKey('API_TOKEN');
let store: InMemoryFunctionStore;
let log: RecordingLog;
beforeEach(() => {
  store = new InMemoryFunctionStore();
  log = new RecordingLog();
});

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
    await expect(resealSecrets([deployed], store, testVault(log, current), log)).resolves.toEqual([deployed]);
    expect(log.lines).toEqual([]);
  });

  it('seals anew what an earlier key has sealed, in the store as well, and says that the key may go', async () => {
    const functions = [await withSecret(old), await withSecret(current)];
    const after = await resealSecrets(functions, store, testVault(log, current, old), log);
    const withoutOld = testVault(log, current);
    expect(after.map((deployed) => withoutOld.open(deployed))).toEqual([
      { API_TOKEN: 'hush' },
      { API_TOKEN: 'hush' },
    ]);
    expect(after.map(({ revision }) => revision)).toEqual([1, 1]);
    await expect(store.list()).resolves.toEqual(after);
    expect(log.lines).toMatchObject([{ level: 'info', fields: { secrets: 1 } }]);
  });

  it('keeps what no key opens, and says whose it is', async () => {
    const functions = [await withSecret(old), deployedFunction()];
    await expect(resealSecrets(functions, store, testVault(log, current), log)).resolves.toEqual(functions);
    const { name, secrets } = functions[0]!;
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { functions: [name], count: 1, masterKeys: [secrets[0]?.masterKeyId] } },
    ]);
  });

  it('fails when the store does: the server must not start with records that differ from its own', async () => {
    const deployed = await withSecret(old);
    store.failNext();
    await expect(resealSecrets([deployed], store, testVault(log, current, old), log)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });
});

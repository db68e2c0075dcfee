import type { Log } from '../../../src/common/log/log.js';
import { MasterKeys, newMasterKey } from '../../../src/secrets/master-keys.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

/** A vault with these master keys, as an operator would bring them; with one of its own when there are none. */
export function testVault(log: Log, ...masterKeys: readonly string[]): SecretVault {
  const keys = MasterKeys.parse((masterKeys.length > 0 ? masterKeys : [newMasterKey()]).join());
  const vault = new SecretVault(() => ({ keys, place: 'the test', make: undefined }), log);
  vault.readKeys();
  return vault;
}

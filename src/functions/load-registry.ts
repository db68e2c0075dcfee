import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import type { Log } from '../common/log/log.js';
import type { CodeStore } from './code/code-store.js';
import type { FunctionRegistry } from './function-registry.js';
import { resealSecrets } from './secrets/reseal-secrets.js';
import type { SecretVault } from './secrets/secret-vault.js';
import type { FunctionStore } from './store/function-store.js';

/** At boot: what the records name exists, and what else lies on the disk goes. */
export async function loadRegistry(
  registry: FunctionRegistry,
  store: FunctionStore,
  code: CodeStore,
  vault: SecretVault,
  log: Log,
): Promise<void> {
  const functions = await resealSecrets(await store.list(), store, vault, log);
  const { missing, foreign } = await code.sweep(await store.recordedVersions());
  warnOfForeign(log, foreign);
  for (const { name, versionId } of missing) {
    log.error(
      { function: name, versionId },
      'the code of a version is missing; restore it from a backup, or publish it again',
    );
  }
  for (const { versionId } of missing) registry.markBroken(versionId);
  for (const deployed of functions) registry.register(deployed);
}

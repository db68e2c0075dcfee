import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import type { CodeStore } from '../code/store/code-store.js';
import { FunctionRegistry } from './function-registry.js';
import type { FunctionsSettings } from './functions.settings.js';
import type { InvocationCounter } from './invocation-counter.js';
import { resealSecrets } from '../secrets/reseal-secrets.js';
import type { SecretVault } from '../secrets/secret-vault.js';
import type { FunctionStore } from './store/function-store.js';

/** At boot: what the records name exists, and what else lies on the disk goes. */
export async function loadRegistry(
  store: FunctionStore,
  code: CodeStore,
  vault: SecretVault,
  counter: InvocationCounter,
  clock: Clock,
  log: Log,
  settings: FunctionsSettings,
): Promise<FunctionRegistry> {
  const functions = await resealSecrets(await store.list(), store, vault, log);
  const { missing, foreign } = await code.sweep(await store.recordedVersions());
  warnOfForeign(log, foreign);
  for (const { name, versionId } of missing) {
    log.error(
      { function: name, versionId },
      'the code of a version is missing; restore it from a backup, or publish it again',
    );
  }
  const broken = new Set(missing.map(({ versionId }) => versionId));
  return new FunctionRegistry(counter, clock, settings.maxFunctions, functions, broken);
}

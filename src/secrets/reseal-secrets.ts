import { randomUUID } from 'node:crypto';
import type { Log } from '../common/log/log.js';
import type { Catalogue } from '../functions/catalogue.js';
import type { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import type { FunctionStore } from '../functions/store/function-store.js';
import type { SecretVault } from './secret-vault.js';

/** Names in one line of the log; the number of all stands beside them. */
const maxNames = 20;

/**
 * At boot: what an earlier master key has sealed is sealed anew with the first one, so that the earlier key can go. What
 * no key opens is left as it is, and the log says whose it is.
 */
export async function resealSecrets(
  registry: FunctionRegistry,
  catalogue: Catalogue,
  store: FunctionStore,
  vault: SecretVault,
  log: Log,
): Promise<void> {
  let resealed = 0;
  for (const deployed of registry.list()) {
    const secrets = vault.resealed(deployed);
    if (!secrets) continue;
    const { revision: replaces } = deployed;
    const next = { ...deployed, secrets, revision: replaces + 1 };
    const outcome = await store.replace({ next, replaces, changeId: randomUUID() });
    // Whatever became of it, the store says what the function is now.
    await catalogue.refresh(deployed);
    if (outcome === 'done') resealed += secrets.length;
  }
  if (resealed > 0)
    log.info({ secrets: resealed }, 'sealed the secrets anew with the first master key; no other is needed');
  tellUnreadable(registry.list(), vault, log);
}

function tellUnreadable(functions: readonly DeployedFunction[], vault: SecretVault, log: Log): void {
  const unreadable = functions.filter((deployed) => !vault.canOpen(deployed));
  if (unreadable.length === 0) return;
  const masterKeys = new Set(
    unreadable.flatMap(({ secrets }) => secrets.map(({ masterKeyId }) => masterKeyId)),
  );
  log.error(
    {
      functions: unreadable.slice(0, maxNames).map(({ name }) => name),
      count: unreadable.length,
      masterKeys: [...masterKeys].slice(0, maxNames),
      place: vault.place,
    },
    'secrets cannot be read, so their functions cannot be called: put the master key back and start again, or delete the secrets and set them again',
  );
}

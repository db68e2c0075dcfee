import { randomUUID } from 'node:crypto';
import { DomainError } from '../common/errors/domain-error.js';
import { storageFailure } from '../common/errors/storage-failure.js';
import type { Log } from '../common/log/log.js';
import type { Catalogue } from '../functions/catalogue.js';
import type { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import type { SealedSecret, SealedValue, SecretKey } from '../functions/sealed-secret.js';
import type { FunctionStore } from '../functions/store/function-store.js';
import type { MasterKeys, MasterKeySource } from './master-keys.js';

/** Whose secrets they are. */
type Owner = Pick<DeployedFunction, 'id' | 'secrets'>;

/** Encrypts secrets for keeping, and decrypts them for a worker: the one place where both key and value are. */
export class SecretVault {
  private opened: MasterKeySource | undefined;
  private keys: MasterKeys | undefined;

  constructor(
    private readonly openSource: () => MasterKeySource,
    private readonly log: Log,
  ) {}

  /** Before anything is sealed or opened. Throws as `openSource` does. */
  readKeys(): void {
    this.opened = this.openSource();
    this.keys = this.opened.keys;
  }

  /** Where the master key belongs, for the operator. */
  get place(): string {
    return this.source.place;
  }

  /**
   * Called before something is sealed. Makes a master key where there never was one; throws `SECRETS_UNAVAILABLE` when
   * there was one and it is gone, because a second key would hide that the first is missed.
   */
  requireKey(isAnythingSealed: () => boolean): void {
    if (this.keys) return;
    if (!this.source.make || isAnythingSealed()) throw unavailable();
    this.keys = madeWith(this.source.make);
    this.log.info(
      { file: this.source.place, masterKey: this.keys.sealingId },
      'created the master key for all secrets; back it up, but not with the databases: without it they cannot be read',
    );
  }

  /** Only that function can be given the value, and only under that key. Throws `SECRETS_UNAVAILABLE`. */
  seal(functionId: string, key: SecretKey, value: string): SealedValue {
    if (!this.keys) throw unavailable();
    return this.keys.seal(value, contextOf(functionId, key));
  }

  /** What the function finds in its environment. Throws `SECRETS_UNAVAILABLE`. */
  open({ id, secrets }: Owner): Readonly<Record<string, string>> {
    return Object.fromEntries(secrets.map((secret) => [secret.key, this.valueOf(id, secret)]));
  }

  /** Whether every master key that these secrets need is there. */
  canOpen({ secrets }: Pick<Owner, 'secrets'>): boolean {
    return secrets.every(({ masterKeyId }) => this.keys?.has(masterKeyId) === true);
  }

  /** The same secrets under the key that seals now; undefined when nothing is to be done, or nothing can be. */
  resealed(owner: Owner): readonly SealedSecret[] | undefined {
    const { keys } = this;
    const isCurrent = owner.secrets.every(({ masterKeyId }) => masterKeyId === keys?.sealingId);
    if (isCurrent || !this.canOpen(owner)) return undefined;
    return owner.secrets.map((secret) => ({
      ...secret,
      ...this.seal(owner.id, secret.key, this.valueOf(owner.id, secret)),
    }));
  }

  private get source(): MasterKeySource {
    if (!this.opened) throw new Error('The master keys have not been read.');
    return this.opened;
  }

  private valueOf(functionId: string, secret: SealedSecret): string {
    try {
      if (!this.keys) throw new Error(`There is no master key; it was expected in ${this.source.place}.`);
      return this.keys.open(secret, contextOf(functionId, secret.key));
    } catch (error) {
      throw unavailable(error);
    }
  }
}

function madeWith(make: () => MasterKeys): MasterKeys {
  try {
    return make();
  } catch (error) {
    throw storageFailure(error);
  }
}

/** Unambiguous whatever its parts are. It is part of what is stored: another text opens nothing of what was sealed. */
function contextOf(functionId: string, key: SecretKey): string {
  return JSON.stringify(['glambdar secret', 1, functionId, key]);
}

function unavailable(cause?: unknown): DomainError {
  return new DomainError(
    'SECRETS_UNAVAILABLE',
    "The function's secrets cannot be read without the server's master key; ask its operator to put the key back, or delete the secrets and set them again.",
    {},
    { cause },
  );
}

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
    log.info(
      { secrets: resealed },
      'encrypted all secrets again with the first master key; no other key is needed',
    );
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

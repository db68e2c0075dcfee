import { DomainError } from '../common/errors/domain-error.js';
import { storageFailure } from '../common/errors/storage-failure.js';
import type { Log } from '../common/log/log.js';
import type { DeployedFunction } from '../functions/function.js';
import type { SecretKey, SealedSecret, SealedValue } from '../functions/sealed-secret.js';
import type { MasterKeySource } from './master-key-source.js';
import type { MasterKeys } from './master-keys.js';

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

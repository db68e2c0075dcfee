import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { refusedField } from '../common/input/read-fields.js';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { type SecretKey, valueBytesOf, type SealedSecret } from '../functions/sealed-secret.js';
import { SecretVault } from '../secrets/secret-vault.js';
import { secretsSettings, type SecretsSettings } from '../secrets/secrets.settings.js';
import type { Changer } from './changer.js';
import { ReplacementService } from './replacement.service.js';

/**
 * Sets and deletes secrets. Each change makes a new revision of the function, so a call gets a consistent set of secrets,
 * and idle containers with the old ones are replaced. A change is accepted even if the code no longer loads: renaming a
 * secret passes through a state in which one is missing.
 */
@Injectable()
export class SecretsService {
  constructor(
    private readonly vault: SecretVault,
    private readonly registry: FunctionRegistry,
    private readonly replacements: ReplacementService,
    private readonly clock: Clock,
    @Inject(secretsSettings.config.KEY) private readonly settings: SecretsSettings,
  ) {}

  /** Rejects with `FUNCTION_NOT_FOUND`, `INVALID_SETTINGS` at a limit, `SECRETS_UNAVAILABLE`, or as the store does. */
  async put(name: FunctionName, key: SecretKey, value: string, by?: Changer): Promise<SealedSecret> {
    this.requireLength(value);
    this.registry.get(name);
    this.vault.requireKey(() => this.registry.list().some(({ secrets }) => secrets.length > 0));
    const { after } = await this.replacements.replace(
      name,
      (current) => this.withSecret(current, key, value),
      { mustLoad: false, ...(by && { by }) },
    );
    return secretOf(after, key);
  }

  /** Rejects with `FUNCTION_NOT_FOUND` or `SECRET_NOT_FOUND`, or as the store does. */
  async delete(name: FunctionName, key: SecretKey, by?: Changer): Promise<void> {
    await this.replacements.replace(name, (current) => withoutSecret(current, key), {
      mustLoad: false,
      ...(by && { by }),
    });
  }

  private withSecret(current: DeployedFunction, key: SecretKey, value: string): DeployedFunction {
    const now = this.clock.wallTime();
    const others = current.secrets.filter((secret) => secret.key !== key);
    const before = current.secrets.find((secret) => secret.key === key);
    const secret: SealedSecret = {
      key,
      ...this.vault.seal(current.id, key, value),
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    this.requireRoom(others, secret);
    return { ...current, secrets: [...others, secret].sort(byKey) };
  }

  private requireLength(value: string): void {
    const { maxSecretBytes } = this.settings;
    if (Buffer.byteLength(value) <= maxSecretBytes) return;
    throw refusedField('value', `value must have at most ${maxSecretBytes} bytes in UTF-8`);
  }

  private requireRoom(others: readonly SealedSecret[], added: SealedSecret): void {
    const { maxSecrets, maxTotalBytes } = this.settings;
    if (others.length + 1 > maxSecrets) {
      throw refusedField('key', `A function may have at most ${maxSecrets} secrets; delete one first`);
    }
    const totalBytes = [...others, added].reduce((sum, secret) => sum + valueBytesOf(secret), 0);
    if (totalBytes > maxTotalBytes) {
      throw refusedField(
        'value',
        `The secrets of a function may have at most ${maxTotalBytes} bytes together`,
      );
    }
  }
}

function withoutSecret(current: DeployedFunction, key: SecretKey): DeployedFunction {
  secretOf(current, key);
  return { ...current, secrets: current.secrets.filter((secret) => secret.key !== key) };
}

function secretOf({ secrets }: DeployedFunction, key: SecretKey): SealedSecret {
  const found = secrets.find((secret) => secret.key === key);
  if (found) return found;
  throw new DomainError('SECRET_NOT_FOUND', `The function has no secret "${key}".`);
}

function byKey(a: SealedSecret, b: SealedSecret): number {
  return a.key < b.key ? -1 : 1;
}

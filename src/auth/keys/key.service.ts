import { DomainError } from '../../common/errors/domain-error.js';
import type { AuditAction, AuditEntry } from '../../common/audit/audit-trail.js';
import type { Clock } from '../../common/time/clock.js';
import type { AuditLine } from '../audit/stored-audit-trail.js';
import type { KeyStore } from '../store/auth-stores.js';
import { type ApiKey, keyTokens } from './api-key.js';
import type { NewKey } from './new-key.js';

/** Who made the change, for the audit log. */
export type Origin = Pick<AuditEntry, 'actor' | 'requestId' | 'address'>;

export interface CreatedKey {
  readonly key: ApiKey;
  /** `glb_<id>_<secret>`: shown once and stored nowhere. */
  readonly text: string;
}

/** Creates, lists and revokes keys; each change and its audit entry are one transaction. */
export class KeyService {
  /** `onChange` is called with each key that is created or revoked here. */
  constructor(
    private readonly store: KeyStore,
    private readonly clock: Clock,
    private readonly maxKeys: number,
    private readonly line: AuditLine,
    private readonly onChange: (key: ApiKey) => void = () => undefined,
  ) {}

  /** Rejects with `INSUFFICIENT_STORAGE` if there are already `maxKeys`, or as the store does. */
  async create({ name, scopes, functions, expiresAt }: NewKey, by: Origin): Promise<CreatedKey> {
    await this.requireRoom();
    const { id, text, secretHash } = keyTokens.mint();
    const createdAt = this.clock.wallTime();
    const key: ApiKey = {
      id,
      name,
      scopes,
      functions,
      secretHash,
      createdAt,
      expiresAt,
      revokedAt: null,
      lastUsedOn: null,
    };
    const entry = this.entry('key.create', id, by);
    await this.store.insert(key, entry);
    this.changed(key, entry);
    return { key, text };
  }

  /** In order of creation, including revoked ones. */
  list(): Promise<ApiKey[]> {
    return this.store.list();
  }

  /** Takes effect immediately. Rejects with `KEY_NOT_FOUND` if there is no such valid key. */
  async revoke(id: string, by: Origin): Promise<void> {
    const entry = this.entry('key.revoke', id, by);
    const revoked = await this.store.revoke(id, entry);
    if (!revoked) {
      throw new DomainError('KEY_NOT_FOUND', 'There is no such key, or it is already revoked.');
    }
    this.changed(revoked, entry);
  }

  private changed(key: ApiKey, entry: AuditEntry): void {
    this.onChange(key);
    this.line(entry);
  }

  private entry(action: AuditAction, target: string, by: Origin): AuditEntry {
    return { at: this.clock.wallTime(), action, target, sha256: null, outcome: 'done', ...by };
  }

  private async requireRoom(): Promise<void> {
    const kept = (await this.store.list()).filter(({ revokedAt }) => revokedAt === null);
    if (kept.length < this.maxKeys) return;
    throw new DomainError(
      'INSUFFICIENT_STORAGE',
      `The server already has ${this.maxKeys} keys, the most it may have (GLAMBDAR_MAX_KEYS); revoke one first.`,
    );
  }
}

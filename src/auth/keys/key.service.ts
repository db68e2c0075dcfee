import { DomainError } from '../../common/errors/domain-error.js';
import type { AuditAction, AuditEntry } from '../../common/audit/audit-trail.js';
import type { Clock } from '../../common/time/clock.js';
import type { AuditLine } from '../audit/stored-audit-trail.js';
import type { KeyStore } from '../store/auth-stores.js';
import { type ApiKey, mintKey } from './api-key.js';
import type { NewKey } from './new-key.js';

/** Who asks, for the audit trail. */
export type Origin = Pick<AuditEntry, 'actor' | 'requestId' | 'address'>;

export interface CreatedKey {
  readonly key: ApiKey;
  /** `glb_<id>_<secret>`: to be shown once and kept nowhere. */
  readonly text: string;
}

/** Makes, lists and revokes keys; each change and its audit entry are one transaction. */
export class KeyService {
  /** `onChange` hears of each key that was made or revoked here. */
  constructor(
    private readonly store: KeyStore,
    private readonly clock: Clock,
    private readonly maxKeys: number,
    private readonly line: AuditLine,
    private readonly onChange: (key: ApiKey) => void = () => undefined,
  ) {}

  /** Rejects with `INSUFFICIENT_STORAGE` when there are as many keys as there may be, or as the store does. */
  async create({ name, scopes, functions, expiresAt }: NewKey, by: Origin): Promise<CreatedKey> {
    await this.requireRoom();
    const { id, text, secretHash } = mintKey();
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

  /** In the order in which they were made, revoked ones included. */
  list(): Promise<ApiKey[]> {
    return this.store.list();
  }

  /** In force at once. Rejects with `KEY_NOT_FOUND` where there is none that could be revoked. */
  async revoke(id: string, by: Origin): Promise<void> {
    const entry = this.entry('key.revoke', id, by);
    const revoked = await this.store.revoke(id, entry);
    if (!revoked) {
      throw new DomainError('KEY_NOT_FOUND', 'There is no such key, or it has been revoked already.');
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
      `The server holds ${this.maxKeys} keys and may hold no more; revoke one first.`,
    );
  }
}

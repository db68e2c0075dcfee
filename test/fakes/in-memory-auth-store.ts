import { DomainError } from '../../src/common/errors/domain-error.js';
import type { AuditEntry } from '../../src/common/audit/audit-trail.js';
import type { ApiKey } from '../../src/auth/keys/api-key.js';
import type { Session } from '../../src/auth/sessions/session.js';
import {
  type AuditRange,
  type AuditRecord,
  AuditStore,
  KeyStore,
  SessionStore,
} from '../../src/auth/store/auth-stores.js';

/** An audit trail that lives as long as the test. */
export class InMemoryAuditStore extends AuditStore {
  private records: AuditRecord[] = [];
  private sequence = 0;

  constructor(private readonly maxEntries = 1000) {
    super();
  }

  override async append(entry: AuditEntry): Promise<void> {
    this.sequence += 1;
    this.records.push({ sequence: this.sequence, ...entry });
    this.records = this.records.slice(-this.maxEntries);
  }

  override async page(
    { after, before = Infinity, order }: AuditRange,
    limit: number,
  ): Promise<AuditRecord[]> {
    const within = this.records.filter(({ sequence }) => sequence > after && sequence < before);
    return (order === 'oldest' ? within : within.reverse()).slice(0, limit);
  }
}

/** Keys that live as long as the test. `failNext` lets the next operation fail as a real store would. */
export class InMemoryKeyStore extends KeyStore {
  private readonly keys = new Map<string, ApiKey>();
  private readonly failures: DomainError[] = [];
  private revisionNumber = 1;

  constructor(private readonly audit: AuditStore = new InMemoryAuditStore()) {
    super();
  }

  failNext(error = new DomainError('STORAGE_UNAVAILABLE', 'The store was told to fail.')): void {
    this.failures.push(error);
  }

  /** What another program does to the same keys. */
  changeElsewhere(key: ApiKey): void {
    this.keys.set(key.id, key);
    this.revisionNumber += 1;
  }

  /** As if somebody had deleted the database. */
  clearElsewhere(): void {
    this.keys.clear();
    this.revisionNumber += 1;
  }

  override async insert(key: ApiKey, entry: AuditEntry): Promise<void> {
    this.failIfTold();
    await this.audit.append(entry);
    this.keys.set(key.id, key);
  }

  override async list(): Promise<ApiKey[]> {
    this.failIfTold();
    return [...this.keys.values()];
  }

  override async revoke(id: string, entry: AuditEntry): Promise<ApiKey | undefined> {
    this.failIfTold();
    const key = this.keys.get(id);
    if (!key || key.revokedAt) return undefined;
    const revoked = { ...key, revokedAt: entry.at };
    this.keys.set(id, revoked);
    await this.audit.append(entry);
    return revoked;
  }

  override async markUsed(id: string, day: string): Promise<void> {
    this.failIfTold();
    const key = this.keys.get(id);
    if (key) this.keys.set(id, { ...key, lastUsedOn: day });
  }

  override async revision(): Promise<number> {
    this.failIfTold();
    return this.revisionNumber;
  }

  private failIfTold(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

/** Sessions that live as long as the test. `failNext` lets the next change fail as a real store would. */
export class InMemorySessionStore extends SessionStore {
  private sessions: Session[] = [];
  private readonly failures: DomainError[] = [];

  constructor(
    private readonly audit: AuditStore = new InMemoryAuditStore(),
    private readonly keys: KeyStore = new InMemoryKeyStore(audit),
  ) {
    super();
  }

  failNext(error = new DomainError('STORAGE_UNAVAILABLE', 'The store was told to fail.')): void {
    this.failures.push(error);
  }

  override async insert(
    session: Session,
    ended: readonly string[],
    entries: readonly AuditEntry[],
  ): Promise<void> {
    this.failIfTold();
    const valid = (await this.keys.list()).filter(({ revokedAt }) => !revokedAt).map(({ id }) => id);
    const staying = this.sessions.filter(
      ({ id, keyId, expiresAt }) =>
        !ended.includes(id) && expiresAt > session.createdAt && valid.includes(keyId),
    );
    this.sessions = [...staying, session];
    for (const entry of entries) await this.audit.append(entry);
  }

  override async list(): Promise<Session[]> {
    this.failIfTold();
    return this.sessions;
  }

  override async delete(id: string, entry: AuditEntry): Promise<boolean> {
    this.failIfTold();
    const staying = this.sessions.filter((session) => session.id !== id);
    if (staying.length === this.sessions.length) return false;
    this.sessions = staying;
    await this.audit.append(entry);
    return true;
  }

  private failIfTold(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

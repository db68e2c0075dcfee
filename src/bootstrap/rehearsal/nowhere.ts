import { type AuditRecord, AuditStore } from '../../auth/store/auth-stores.js';
import type { ApiKey } from '../../auth/keys/api-key.js';

/** An audit log that keeps nothing. */
export class NoAuditStore extends AuditStore {
  override append(): Promise<void> {
    return Promise.resolve();
  }

  override page(): Promise<AuditRecord[]> {
    return Promise.resolve([]);
  }
}

/** A store of one key, which is on no disk. */
export function storeOfOne(key: ApiKey) {
  return {
    revision: () => Promise.resolve(0),
    list: () => Promise.resolve([key]),
    markUsed: () => Promise.resolve(),
  };
}

import type { AuditEntry } from '../../../src/common/audit/audit-trail.js';
import { type ApiKey, mintKey } from '../../../src/auth/keys/api-key.js';

/** A valid key for everything about functions' reading; its secret is lost. */
export function apiKey(overrides: Partial<ApiKey> = {}): ApiKey {
  const { id, secretHash } = mintKey();
  return {
    id,
    name: 'ci',
    scopes: ['functions:read'],
    functions: null,
    secretHash,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    expiresAt: null,
    revokedAt: null,
    lastUsedOn: null,
    ...overrides,
  };
}

export function auditEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: new Date('2026-01-02T03:04:05.678Z'),
    actor: 'local',
    action: 'key.create',
    target: '0123456789ab',
    sha256: null,
    outcome: 'done',
    requestId: null,
    address: null,
    ...overrides,
  };
}

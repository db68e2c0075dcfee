import { randomUUID } from 'node:crypto';
import { type ApiKey, keyTokens } from '../../../src/auth/keys/api-key.js';
import type { AuditEntry } from '../../../src/common/audit/audit-trail.js';
import type { Log } from '../../../src/common/log/log.js';
import type { AnySettingsGroup, SettingsOf } from '../../../src/common/settings/settings.js';
import { parseFunctionName } from '../../../src/functions/function-name.js';
import type { ChosenSettings, DeployedFunction } from '../../../src/functions/function.js';
import { parseSecretKey, type SealedSecret } from '../../../src/functions/sealed-secret.js';
import { completeSettings } from '../../../src/functions/settings/default-settings.js';
import type { NextRevision } from '../../../src/functions/store/function-store.js';
import { MasterKeys, newMasterKey } from '../../../src/secrets/master-keys.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

let created = 0;

/** A deployed function with an id of its own; tests name what matters to them. */
export function deployedFunction(
  fields: {
    name?: string;
    revision?: number;
    settings?: ChosenSettings;
    secrets?: readonly SealedSecret[];
    loadFailure?: string | null;
  } = {},
): DeployedFunction {
  created += 1;
  const createdAt = new Date('2026-01-01T00:00:00Z');
  return {
    id: `function-${created}`,
    name: parseFunctionName(fields.name ?? `function${created}`),
    revision: fields.revision ?? 1,
    version: {
      id: `version-${created}`,
      number: 1,
      sha256: '0'.repeat(64),
      codeSha256: 'c'.repeat(64),
      codeBytes: 100,
      fileCount: 1,
      createdAt,
      publishedBy: '0123456789ab',
      publishedWith: fields.settings ?? {},
    },
    settings: completeSettings(fields.settings ?? {}),
    secrets: fields.secrets ?? [],
    loadFailure: fields.loadFailure ?? null,
    createdAt,
    lastInvokedAt: null,
    invokeCount: 0,
  };
}

/** A secret that no key opens. */
export function sealedSecret(key = 'API_TOKEN', fields: Partial<SealedSecret> = {}): SealedSecret {
  const createdAt = new Date('2026-01-01T00:00:00.123Z');
  return {
    key: parseSecretKey(key),
    masterKeyId: '0123456789abcdef',
    nonce: Buffer.alloc(12, 1).toString('base64'),
    sealed: Buffer.alloc(20, 2).toString('base64'),
    createdAt,
    updatedAt: createdAt,
    ...fields,
  };
}

/** A vault with these master keys, as an operator would bring them; with one of its own when there are none. */
export function testVault(log: Log, ...masterKeys: readonly string[]): SecretVault {
  const keys = MasterKeys.parse((masterKeys.length > 0 ? masterKeys : [newMasterKey()]).join());
  const vault = new SecretVault(() => ({ keys, place: 'the test', make: undefined }), log);
  vault.readKeys();
  return vault;
}

/** A group's defaults, with what a test changes. */
export function settingsFor<G extends AnySettingsGroup>(
  group: G,
  changed: Partial<SettingsOf<G>> = {},
): SettingsOf<G> {
  const defaults = Object.entries(group.definitions).map(([name, { defaultValue }]) => [name, defaultValue]);
  return { ...(Object.fromEntries(defaults) as SettingsOf<G>), ...changed };
}

/** A valid key for everything about functions' reading; its secret is lost. */
export function apiKey(overrides: Partial<ApiKey> = {}): ApiKey {
  const { id, secretHash } = keyTokens.mint();
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

/** The change that makes a function `next`, from the revision before it. */
export function changeOf(next: DeployedFunction, forgets: readonly string[] = []): NextRevision {
  return { next, replaces: next.revision - 1, changeId: randomUUID(), forgets };
}

import { randomUUID } from 'node:crypto';
import { type ApiKey, keyTokens } from '../../auth/keys/api-key.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { DeployedFunction } from '../../functions/function.js';
import { completeSettings, type FunctionDefaults } from '../../functions/settings/default-settings.js';

const name = 'rehearsal';

/** A function that is in no catalogue. It is `warm`, so that one connection serves all calls. */
export function rehearsedFunction(defaults: FunctionDefaults, now: Date): DeployedFunction {
  const version = {
    id: randomUUID(),
    number: 1,
    sha256: '',
    codeSha256: null,
    codeBytes: 0,
    fileCount: 0,
    createdAt: now,
    publishedBy: null,
    publishedWith: null,
  };
  return {
    id: randomUUID(),
    name: parseFunctionName(name),
    revision: 1,
    version,
    settings: completeSettings({ isolation: 'warm', maxContainers: 1 }, defaults),
    secrets: [],
    loadFailure: null,
    createdAt: now,
    lastInvokedAt: null,
    invokeCount: 0,
  };
}

/** A key that opens nothing but the rehearsal, and its text. */
export function rehearsedKey(now: Date): { readonly held: ApiKey; readonly text: string } {
  const { id, text, secretHash } = keyTokens.mint();
  const held: ApiKey = {
    id,
    name,
    scopes: ['functions:invoke'],
    functions: [name],
    secretHash,
    createdAt: now,
    expiresAt: null,
    revokedAt: null,
    lastUsedOn: null,
  };
  return { held, text };
}

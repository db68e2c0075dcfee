import type { ApiKey } from './api-key.js';
import type { KeyService, Origin } from './key.service.js';
import type { KeysCommand } from './parse-command.js';

/** What a command prints: the answer for a program, and what a person should know besides. */
export interface Printed {
  readonly out: string;
  readonly remark: string;
}

/** Whoever can write the server's directory is its owner; no network is involved. */
const owner: Origin = { actor: 'local', requestId: null, address: null };

/** Rejects as `KeyService` does. */
export async function runKeysCommand(command: KeysCommand, keys: KeyService): Promise<Printed> {
  switch (command.kind) {
    case 'create': {
      const { key, text } = await keys.create(command.key, owner);
      return { out: text, remark: `This is key ${key.id}. It is shown this once: keep it in a safe place.` };
    }
    case 'list':
      return listed(await keys.list());
    case 'revoke':
      await keys.revoke(command.id, owner);
      return { out: '', remark: `Key ${command.id} is revoked. A running server knows within a second.` };
    default:
      return command satisfies never;
  }
}

function listed(keys: readonly ApiKey[]): Printed {
  const rows = keys.map((key) => [
    key.id,
    stateOf(key),
    key.lastUsedOn ?? 'never used',
    key.scopes.join(','),
    key.functions?.join(',') ?? 'all',
    key.name,
  ]);
  const lines = [['id', 'until', 'last used', 'scopes', 'functions', 'name'], ...rows].map((row) =>
    row.join('\t'),
  );
  return {
    out: keys.length === 0 ? '' : lines.join('\n'),
    remark: keys.length === 0 ? 'There is no key, so the server needs none.' : '',
  };
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
  return expiresAt ? expiresAt.toISOString() : 'forever';
}

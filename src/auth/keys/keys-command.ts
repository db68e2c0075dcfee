import { parseArgs } from 'node:util';
import type { ApiKey } from './api-key.js';
import type { KeyService, Origin } from './key.service.js';
import { type NewKey, parseNewKey } from './new-key.js';

export type KeysCommand =
  | { readonly kind: 'create'; readonly key: NewKey }
  | { readonly kind: 'list' }
  | { readonly kind: 'revoke'; readonly id: string };

/** The command was written wrongly. The message says what is wrong, and how it is written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string) {
    super(`${problem}\n\n${keysUsage}`);
  }
}

export const keysUsage = `npm run keys -- create --name <name> --scopes <scope,scope> [--functions 'shop-*,mail'] [--expires 2027-01-31]
npm run keys -- list
npm run keys -- revoke <id>`;

/** Throws a `UsageError`, or `INVALID_SETTINGS` for a key that cannot be made. */
export function parseKeysCommand(words: readonly string[], now: Date): KeysCommand {
  const { positionals, values } = parsed(words);
  const [verb, ...given] = positionals;
  switch (verb) {
    case 'create':
      refuseMore(given, {});
      return { kind: 'create', key: newKeyOf(values, now) };
    case 'list':
      refuseMore(given, values);
      return { kind: 'list' };
    case 'revoke': {
      const [id, ...more] = given;
      refuseMore(more, values);
      return { kind: 'revoke', id: required('<id>', id) };
    }
    case undefined:
      throw new UsageError('Say what to do: create, list or revoke.');
    default:
      throw new UsageError(`There is no command ${JSON.stringify(verb)}, only create, list and revoke.`);
  }
}

function refuseMore(words: readonly string[], values: Values): void {
  const option = Object.keys(values).map((name) => `--${name}`);
  for (const word of [...words, ...option]) {
    throw new UsageError(`There is nothing to do with ${JSON.stringify(word)}.`);
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${name} is missing.`);
  return value;
}

interface Values {
  readonly name?: string;
  readonly scopes?: string;
  readonly functions?: string;
  readonly expires?: string;
}

function parsed(words: readonly string[]): {
  readonly positionals: readonly string[];
  readonly values: Values;
} {
  try {
    const options = {
      name: { type: 'string' },
      scopes: { type: 'string' },
      functions: { type: 'string' },
      expires: { type: 'string' },
    } as const;
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true });
    // A copy, because the parser's own object has no prototype.
    return { positionals, values: { ...values } };
  } catch (error) {
    // Its first sentence: what follows is how a value is written that begins with a dash.
    const [problem = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${problem}.`);
  }
}

function newKeyOf({ name, scopes, functions, expires }: Values, now: Date): NewKey {
  const asked = {
    name: required('--name', name),
    scopes: required('--scopes', scopes).split(','),
    functions: functions?.split(',') ?? null,
  };
  return parseNewKey({ ...asked, expiresAt: expires ?? null }, now);
}

/** What a command prints: the answer for a program, and what a person should know besides. */
interface Printed {
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
      return { out: text, remark: `This is key ${key.id}. It is shown only now: keep it in a safe place.` };
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

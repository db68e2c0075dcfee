import { parseArgs } from 'node:util';
import { parseNewKey, type NewKey } from '../key/new-key.js';

export type KeysCommand =
  | { readonly kind: 'create'; readonly key: NewKey }
  | { readonly kind: 'list' }
  | { readonly kind: 'revoke'; readonly id: string };

/** The command was written wrongly. The message says how it is written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const keysUsage = `npm run keys -- create --name <name> --scopes <scope,scope> [--functions 'shop-*,mail'] [--expires 2027-01-31]
npm run keys -- list
npm run keys -- revoke <id>`;

/** Throws a `UsageError`, or `INVALID_CONFIG` for a key that cannot be made. */
export function parseKeysCommand(words: readonly string[], now: Date): KeysCommand {
  const { positionals, values } = parsed(words);
  const [verb, id, ...rest] = positionals;
  const isPlain = Object.keys(values).length === 0 && rest.length === 0;
  if (verb === 'create' && id === undefined) return { kind: 'create', key: newKeyOf(values, now) };
  if (verb === 'list' && id === undefined && isPlain) return { kind: 'list' };
  if (verb === 'revoke' && id !== undefined && isPlain) return { kind: 'revoke', id };
  throw new UsageError(keysUsage);
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
    throw new UsageError(keysUsage, { cause: error });
  }
}

function newKeyOf({ name, scopes, functions, expires }: Values, now: Date): NewKey {
  if (name === undefined || scopes === undefined) throw new UsageError(keysUsage);
  const asked = { name, scopes: scopes.split(','), functions: functions?.split(',') ?? null };
  return parseNewKey({ ...asked, expiresAt: expires ?? null }, now);
}

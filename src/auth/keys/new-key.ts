import { functionPattern, isScope, type Scope, scopes } from '../../common/auth/permissions.js';
import { DomainError } from '../../common/errors/domain-error.js';

/** What somebody asks for who wants a key. */
export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Patterns of names; null where the key is not limited to some. */
  readonly functions: readonly string[] | null;
  readonly expiresAt: Date | null;
}

const fields = ['name', 'scopes', 'functions', 'expiresAt'];

export const maxPatterns = 100;

/** A day, which means its beginning in UTC, or a moment. */
const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads the request for a key, from whichever side it comes. Throws `INVALID_SETTINGS` that names field and rule. */
export function parseNewKey(candidate: unknown, now: Date): NewKey {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate)) {
    throw invalid('body', 'it must be one JSON object');
  }
  const unknown = Object.keys(candidate).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw invalid(unknown.slice(0, 64), 'there is no such field');
  const { name, scopes: wanted, functions, expiresAt } = candidate as Record<string, unknown>;
  return {
    name: parseName(name),
    scopes: parseScopes(wanted),
    functions: parseFunctions(functions),
    expiresAt: parseExpiry(expiresAt, now),
  };
}

function parseName(name: unknown): string {
  if (typeof name === 'string' && /^[\x20-\x7e]{1,64}$/.test(name) && name.trim() !== '') return name;
  throw invalid('name', 'name must be 1 to 64 printable ASCII characters');
}

function parseScopes(wanted: unknown): readonly Scope[] {
  const rule = `scopes must be one or more of ${scopes.join(', ')}`;
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > 100) throw invalid('scopes', rule);
  const parsed = (wanted as unknown[]).map((scope) => {
    if (typeof scope === 'string' && isScope(scope)) return scope;
    throw invalid('scopes', rule);
  });
  return [...new Set(parsed)];
}

function parseFunctions(patterns: unknown): readonly string[] | null {
  if (patterns === undefined || patterns === null) return null;
  const rule =
    `functions must be 1 to ${maxPatterns} names of functions, in which * may stand for any characters, ` +
    'e.g. ["shop-*"]; leave it out for every function';
  if (!Array.isArray(patterns) || patterns.length === 0 || patterns.length > maxPatterns)
    throw invalid('functions', rule);
  const parsed = (patterns as unknown[]).map((pattern) => {
    if (typeof pattern === 'string' && functionPattern.test(pattern)) return pattern;
    throw invalid('functions', rule);
  });
  return [...new Set(parsed)];
}

function parseExpiry(expiresAt: unknown, now: Date): Date | null {
  if (expiresAt === undefined || expiresAt === null) return null;
  const rule = 'expiresAt must be a future day or time, e.g. 2027-01-31 or 2027-01-31T12:00:00Z';
  if (typeof expiresAt !== 'string' || !timePattern.test(expiresAt)) throw invalid('expiresAt', rule);
  const moment = new Date(expiresAt);
  // No moment at all, such as the 13th month, compares as false.
  if (!(moment > now)) throw invalid('expiresAt', rule);
  return moment;
}

function invalid(field: string, rule: string): DomainError {
  return new DomainError('INVALID_SETTINGS', `The key was refused: ${rule}.`, { field, reason: rule });
}

import { functionPattern, isScope, type Scope, scopes } from '../../common/auth/caller.js';
import { PlainText, Ruled } from '../../common/input/field-rules.js';
import { readFields, refusedField } from '../../common/input/read-fields.js';

/** What somebody asks for who wants a key. */
export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Patterns of names; null where the key is not limited to some. */
  readonly functions: readonly string[] | null;
  readonly expiresAt: Date | null;
}

/** A scope may be named twice, and is given once. */
const maxScopes = 100;

const maxPatterns = 100;

/** A day, which means its beginning in UTC, or a moment. */
const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** The body of `POST /keys`, and what `npm run keys -- create` makes of its words. */
export class NewKeyBody {
  @PlainText(
    {
      pattern: /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/,
      minLength: 1,
      maxLength: 64,
      rule: 'printable ASCII, not all spaces',
    },
    { description: 'For people: printable ASCII.', example: 'ci' },
  )
  readonly name!: string;

  @Ruled(scopesProblem, {
    enum: scopes,
    isArray: true,
    minItems: 1,
    maxItems: maxScopes,
    example: ['functions:deploy', 'functions:read'],
  })
  readonly scopes!: readonly Scope[];

  @Ruled(functionsProblem, {
    type: 'array',
    items: { type: 'string', pattern: functionPattern.source },
    minItems: 1,
    maxItems: maxPatterns,
    nullable: true,
    required: false,
    example: ['shop-*'],
    description:
      'Limits the key to functions with these names; `*` stands for any characters. Such a key cannot use routes about the whole server: keys, audit log, metrics.',
  })
  readonly functions?: readonly string[] | null;

  @Ruled((value) => (typeof value === 'string' && timePattern.test(value) ? undefined : expiryRule), {
    type: 'string',
    format: 'date-time',
    nullable: true,
    required: false,
    example: '2027-01-31T00:00:00.000Z',
    description: 'A day, or a moment, in the future.',
  })
  readonly expiresAt?: string | null;
}

const expiryRule = 'expiresAt must be a future day or time, e.g. 2027-01-31 or 2027-01-31T12:00:00Z';

/** Reads a request for a key, from HTTP or the command. Throws `INVALID_SETTINGS` that names field and rule. */
export function parseNewKey(candidate: unknown, now: Date): NewKey {
  return newKeyOf(readFields(NewKeyBody, candidate), now);
}

/** The rule that needs the time is left: a key ends in the future. Throws `INVALID_SETTINGS`. */
export function newKeyOf(body: NewKeyBody, now: Date): NewKey {
  const expiresAt = typeof body.expiresAt === 'string' ? new Date(body.expiresAt) : null;
  // No moment at all, such as the 13th month, compares as false.
  if (expiresAt && !(expiresAt > now)) throw refusedField('expiresAt', expiryRule);
  return {
    name: body.name,
    scopes: [...new Set(body.scopes)],
    functions: body.functions ? [...new Set(body.functions)] : null,
    expiresAt,
  };
}

function scopesProblem(wanted: unknown): string | undefined {
  const isRight = (scope: unknown) => typeof scope === 'string' && isScope(scope);
  return isListOf(wanted, maxScopes, isRight)
    ? undefined
    : `scopes must be one or more of ${scopes.join(', ')}`;
}

function functionsProblem(patterns: unknown): string | undefined {
  const isRight = (pattern: unknown) => typeof pattern === 'string' && functionPattern.test(pattern);
  if (isListOf(patterns, maxPatterns, isRight)) return undefined;
  return (
    `functions must be 1 to ${maxPatterns} names of functions, in which * may stand for any characters, ` +
    'e.g. ["shop-*"]; leave it out for every function'
  );
}

function isListOf(value: unknown, maxLength: number, isRight: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= maxLength && value.every(isRight);
}

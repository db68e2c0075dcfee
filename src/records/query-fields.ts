import { DomainError } from '../common/errors/domain-error.js';

export const invocationIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type RawQuery = Readonly<Record<string, unknown>>;

/** Reads the fields of a query; each breach is a `MALFORMED_REQUEST` that names field and rule. */
export class QueryFields {
  constructor(
    private readonly query: RawQuery,
    known: readonly string[],
  ) {
    const unknown = Object.keys(query).find((field) => !known.includes(field));
    // Its name is the client's text, so only the known ones are shown.
    if (unknown !== undefined) throw malformed('query', `may hold only ${known.join(', ')}`);
  }

  integer(field: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    return this.read(field, `must be an integer from ${min} to ${max}`, (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    });
  }

  oneOf<T extends string>(field: string, allowed: readonly T[]): T | undefined {
    return this.read(field, `must be one of ${allowed.join(', ')}`, (text) =>
      allowed.find((value) => value === text),
    );
  }

  matching(field: string, pattern: RegExp, rule: string): string | undefined {
    return this.read(field, `must be ${rule}`, (text) => (pattern.test(text) ? text : undefined));
  }

  text(field: string, max: number): string | undefined {
    return this.read(field, `must have 1 to ${max} characters`, (text) =>
      text.length >= 1 && text.length <= max ? text : undefined,
    );
  }

  /** A moment, or how long before `nowMs` it was; milliseconds since the epoch. */
  time(field: string, nowMs: number): number | undefined {
    return this.read(field, timeRule, (text) => {
      const [, count, unit = ''] = span.exec(text) ?? [];
      if (count !== undefined) return nowMs - Number(count) * (unitMs[unit] ?? 0);
      const timeMs = dateTime.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(timeMs) ? undefined : timeMs;
    });
  }

  private read<T>(field: string, rule: string, parse: (text: string) => T | undefined): T | undefined {
    const given = this.query[field];
    if (given === undefined) return undefined;
    const value = typeof given === 'string' ? parse(given) : undefined;
    if (value === undefined) throw malformed(field, `${rule}, given once`);
    return value;
  }
}

export const timeRule = 'must be a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d';

const span = /^(\d{1,6})([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A date and a time with its zone (RFC 3339): without one nobody knows which moment is meant. */
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

export function malformed(field: string, rule: string): DomainError {
  return new DomainError('MALFORMED_REQUEST', `${field} ${rule}.`, { field });
}

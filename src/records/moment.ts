import { Ruled } from '../common/input/field-rules.js';

/** A date and a time with its zone (RFC 3339): without one nobody knows which moment is meant. */
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const span = /^(\d{1,6})([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const rule = 'a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d';

/** A field of a query that names a moment. */
export const Moment = (description: string) =>
  Ruled((value, name) => (momentOf(String(value), 0) === undefined ? `${name} must be ${rule}` : undefined), {
    type: 'string',
    required: false,
    example: '5m',
    description: `${description} A time like 2026-01-31T12:00:00Z, or how long ago: 90s, 5m, 2h, 7d.`,
  });

/** Milliseconds since the epoch: a moment, or how long before `nowMs` it was. Undefined for text that is neither. */
export function momentOf(text: string | undefined, nowMs: number): number | undefined {
  const [, count, unit = ''] = span.exec(text ?? '') ?? [];
  if (count !== undefined) return nowMs - Number(count) * (unitMs[unit] ?? 0);
  const timeMs = text !== undefined && dateTime.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** What a query leaves out restricts nothing. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

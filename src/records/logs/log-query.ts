import { Flag, OneOf, PlainText, Ruled, WholeNumber } from '../../common/input/field-rules.js';
import { malformed } from '../../common/input/read-fields.js';
import { lineLevels, type LineLevel } from '../../sandbox/sandbox-events.js';
import type { LineQuery } from '../store/record-store.js';

export const invocationIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Most lines of one response. */
export const maxLines = 1000;

/** A date and a time with its zone (RFC 3339): without one nobody knows which moment is meant. */
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const span = /^(\d{1,6})([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const timeRule = 'a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d';

const Time = (description: string) =>
  Ruled(
    (value, name) => (momentOf(String(value), 0) === undefined ? `${name} must be ${timeRule}` : undefined),
    {
      type: 'string',
      required: false,
      example: '5m',
      description: `${description} A time like 2026-01-31T12:00:00Z, or how long ago: 90s, 5m, 2h, 7d.`,
    },
  );

/** The query of `GET /logs/:name`. */
export class LogQuery {
  @PlainText(
    {
      pattern: invocationIdPattern,
      maxLength: 36,
      rule: 'the id of an invocation',
    },
    { required: false, format: 'uuid', description: 'Only lines that this call printed.' },
  )
  readonly invocation?: string;

  @Time('Not before this time.')
  readonly since?: string;

  @Time('Before this time.')
  readonly until?: string;

  @OneOf(lineLevels, {
    required: false,
    description: `Only this level and those above it: ${lineLevels.join(', ')}.`,
  })
  readonly level?: LineLevel;

  @PlainText(
    { minLength: 1, maxLength: 256, rule: 'text' },
    { required: false, description: 'Only lines that contain this text exactly.' },
  )
  readonly contains?: string;

  @WholeNumber(
    { minimum: 1, maximum: maxLines },
    { required: false, default: 100, description: 'Most lines in the response.' },
  )
  readonly limit!: number;

  @WholeNumber(
    { minimum: 0 },
    { required: false, description: 'Only lines with a smaller `sequence`: the previous page.' },
  )
  readonly before?: number;

  @Flag({ required: false, default: false, description: 'Whether to go on with each line as it is printed.' })
  readonly follow!: boolean;
}

/** `nowMs` is the wall clock, for spans of time. Throws `MALFORMED_REQUEST` for fields that do not go together. */
export function lineFilterOf(query: LogQuery, nowMs: number): Omit<LineQuery, 'functionId'> {
  if (query.follow) refuseWhereFollowing(query);
  return withoutUndefined({
    invocationId: query.invocation,
    sinceMs: momentOf(query.since, nowMs),
    untilMs: momentOf(query.until, nowMs),
    levels: query.level && lineLevels.slice(lineLevels.indexOf(query.level)),
    contains: query.contains,
    before: query.before,
    limit: query.limit,
  });
}

function refuseWhereFollowing(query: LogQuery): void {
  for (const field of ['until', 'before'] as const) {
    if (query[field] !== undefined) throw malformed(field, `${field} must be left out where follow is true`);
  }
}

/** Milliseconds since the epoch: a moment, or how long before `nowMs` it was. Undefined for text that is neither. */
function momentOf(text: string | undefined, nowMs: number): number | undefined {
  const [, count, unit = ''] = span.exec(text ?? '') ?? [];
  if (count !== undefined) return nowMs - Number(count) * (unitMs[unit] ?? 0);
  const timeMs = text !== undefined && dateTime.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

import { lineLevels, type LineLevel } from '../../sandbox/sandbox-events.js';
import { invocationIdPattern, malformed, QueryFields, type RawQuery } from '../query-fields.js';
import type { LineQuery } from '../store/record-store.js';

export const maxLines = 1000;
export const defaultLines = 100;

export const maxContains = 256;

export const levelRule = 'Only this level and those above it: debug, info, warn, error.';

const fields = ['invocation', 'since', 'until', 'level', 'contains', 'limit', 'before', 'follow'] as const;

export interface LogQuery {
  readonly filter: Omit<LineQuery, 'functionId'>;
  readonly follow: boolean;
}

/** `nowMs` is the wall clock, for spans of time. Throws `MALFORMED_REQUEST`, naming field and rule. */
export function parseLogQuery(query: RawQuery, nowMs: number): LogQuery {
  const given = new QueryFields(query, fields);
  const follow = given.oneOf('follow', ['true', 'false']) === 'true';
  const level = given.oneOf('level', lineLevels);
  const filter = withoutUndefined({
    invocationId: given.matching('invocation', invocationIdPattern, 'the id of an invocation'),
    sinceMs: given.time('since', nowMs),
    untilMs: given.time('until', nowMs),
    levels: level && levelsFrom(level),
    contains: given.text('contains', maxContains),
    before: given.integer('before', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: given.integer('limit', { min: 1, max: maxLines }) ?? defaultLines,
  });
  if (follow && filter.untilMs !== undefined)
    throw malformed('until', 'must be left out where follow is true');
  if (follow && filter.before !== undefined)
    throw malformed('before', 'must be left out where follow is true');
  return { filter, follow };
}

/** The number of the last line that a client has seen before its connection broke. */
export function parseLastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  return new QueryFields({ 'Last-Event-ID': header }, ['Last-Event-ID']).integer('Last-Event-ID', {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
}

function levelsFrom(level: LineLevel): readonly LineLevel[] {
  return lineLevels.slice(lineLevels.indexOf(level));
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

import { Flag, OneOf, PlainText, WholeNumber } from '../../common/input/field-rules.js';
import { malformed } from '../../common/input/read-fields.js';
import { lineLevels, type LineLevel } from '../../sandbox/sandbox-events.js';
import { Moment, momentOf, withoutUndefined } from '../moment.js';
import type { LineQuery } from '../store/record-store.js';

export const invocationIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Most lines of one response. */
export const maxLines = 1000;

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

  @Moment('Not before this time.')
  readonly since?: string;

  @Moment('Before this time.')
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

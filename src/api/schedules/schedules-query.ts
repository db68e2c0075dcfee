import { Ruled, WholeNumber } from '../../common/input/field-rules.js';
import { FunctionField } from '../../functions/function-field.js';
import type { FunctionName } from '../../functions/function-name.js';

/** The last schedule of a page. */
export interface SchedulePlace {
  readonly functionName: string;
  readonly schedule: string;
}

/** As clients hold it: they make nothing of it. */
export function cursorOf({ functionName, schedule }: SchedulePlace): string {
  return Buffer.from(`${functionName}/${schedule}`).toString('base64url');
}

/** The text itself where it is no cursor. */
function placeOf(cursor: string): SchedulePlace | string {
  const [functionName, schedule, ...others] = Buffer.from(cursor, 'base64url').toString('latin1').split('/');
  if (functionName === undefined || schedule === undefined || others.length > 0) return cursor;
  const place = { functionName, schedule };
  return cursorOf(place) === cursor ? place : cursor;
}

/** The query of `GET /schedules`. */
export class SchedulesQuery {
  @FunctionField('Only schedules of this function.')
  readonly function?: FunctionName;

  @WholeNumber(
    { minimum: 1, maximum: 200 },
    { required: false, default: 100, description: 'Most schedules in the response.' },
  )
  readonly limit!: number;

  @Ruled(
    (value, name) =>
      typeof value === 'object' ? undefined : `${name} must be the cursor of an earlier response`,
    { type: 'string', required: false, description: 'The `cursor` of the page before.' },
    placeOf,
  )
  readonly cursor?: SchedulePlace;
}

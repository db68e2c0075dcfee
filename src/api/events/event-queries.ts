import { Ruled, WholeNumber } from '../../common/input/field-rules.js';
import { type EventState, eventStates } from '../../events/event.js';
import type { FunctionName } from '../../functions/function-name.js';
import { FunctionField } from '../../functions/function-field.js';

/** One state or several. */
function StateField(
  choices: readonly EventState[],
  described: { readonly required: boolean; readonly default?: string; readonly description: string },
): PropertyDecorator {
  const choice = choices.join('|');
  const rule = `one or more of ${choices.join(', ')}, separated by commas`;
  const { default: preset } = described;
  return Ruled(
    (value, name) =>
      statesIn(value)?.every((state) => choices.includes(state)) === true
        ? undefined
        : `${name} must be ${rule}`,
    {
      type: 'string',
      pattern: `^(?:${choice})(?:,(?:${choice}))*$`,
      required: described.required,
      description: `${described.description} Several are separated by commas.`,
      ...(preset !== undefined && { default: preset }),
    },
  );
}

function statesIn(value: unknown): EventState[] | undefined {
  if (typeof value !== 'string') return undefined;
  const states = value.split(',');
  return states.every(isState) ? states : undefined;
}

function isState(text: string): text is EventState {
  return (eventStates as readonly string[]).includes(text);
}

/** The states in a field that follows its rule. */
export function statesOf(field: string): readonly EventState[] {
  return statesIn(field) ?? [];
}

/** Where a page ends, as clients hold it: they make nothing of it. */
export function cursorOf(place: number | null): string | null {
  return place === null ? null : Buffer.from(String(place)).toString('base64url');
}

/** The text itself where it is no cursor. */
function placeOf(cursor: string): number | string {
  const digits = Buffer.from(cursor, 'base64url').toString('latin1');
  return /^\d{1,15}$/.test(digits) && cursorOf(Number(digits)) === cursor ? Number(digits) : cursor;
}

const waitingSeconds = 60;

/** The query of `GET /events`. */
export class EventsQuery {
  @FunctionField('Only events of this function.')
  readonly function?: FunctionName;

  @StateField(eventStates, { required: false, description: 'Only events in this state.' })
  readonly state?: string;

  @WholeNumber(
    { minimum: 1, maximum: 200 },
    { required: false, default: 50, description: 'Most events in the response.' },
  )
  readonly limit!: number;

  @Ruled(
    (value, name) =>
      typeof value === 'number' ? undefined : `${name} must be the cursor of an earlier response`,
    { type: 'string', required: false, description: 'The `cursor` of the page before.' },
    placeOf,
  )
  readonly cursor?: number;
}

/** The query of `GET /events/:id`. */
export class EventQuery {
  @WholeNumber(
    { minimum: 0, maximum: waitingSeconds },
    {
      required: false,
      default: 0,
      description: 'Most seconds to wait for its end; the response comes as soon as it has ended.',
    },
  )
  readonly wait!: number;
}

/** The query of `POST /events/retry`. */
export class RetryQuery {
  @FunctionField('Only events of this function.')
  readonly function?: FunctionName;

  @StateField(['dead', 'failed', 'queued'], {
    required: false,
    default: 'dead',
    description: 'Only events in this state.',
  })
  readonly state!: string;
}

/** The query of `DELETE /events`. */
export class PurgeQuery {
  @StateField(['queued', 'failed', 'succeeded', 'dead'], {
    required: true,
    description: 'Only events in this state.',
  })
  readonly state!: string;

  @FunctionField('Only events of this function.', true)
  readonly function!: FunctionName;
}

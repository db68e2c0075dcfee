import { withoutExcerpts } from '../../common/errors/discretion.js';
import {
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  schemaPath,
} from '../../common/openapi/documentation.js';
import {
  type Attempt,
  type AttemptOutcome,
  attemptOutcomes,
  type EventRecord,
  type EventResult,
  type EventState,
  eventStates,
  type FollowUp,
} from '../../events/event.js';
import { EventResultResponse } from './event-result-response.js';
import { EventSourceResponse } from './event-source-response.js';

/** What of an event is not shown to everybody who may see that it is there. */
export interface Seen {
  /** Whether the caller sees where in the code an error was thrown. */
  readonly output: boolean;
  /** What the handler answered; null where there is none, undefined where the caller may not see it. */
  readonly result: EventResult | null | undefined;
}

const moment = { format: 'date-time', example: '2026-01-31T12:00:00.000Z' } as const;
const noMoment = { type: String, nullable: true, format: 'date-time' } as const;

export class EventRequestResponse {
  @ApiProperty({ example: 'POST' })
  readonly method: string;

  @ApiProperty({ description: "Path and query below the function's own address.", example: '/orders?id=7' })
  readonly path: string;

  @ApiProperty({ type: 'integer', description: 'Bytes of the body.', example: 20 })
  readonly bytes: number;

  constructor({ method, path, requestBytes }: EventRecord) {
    this.method = method;
    this.path = path;
    this.bytes = requestBytes;
  }
}

export class EventAttemptResponse {
  @ApiProperty({ type: 'integer', description: 'Counts all attempts, from 1.', example: 1 })
  readonly number: number;

  @ApiProperty({
    format: 'uuid',
    description: 'The call in `GET /invocations/{id}` and in the logs.',
    example: '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c',
  })
  readonly invocationId: string;

  @ApiProperty(moment)
  readonly startedAt: string;

  @ApiProperty({
    ...noMoment,
    description: 'Null while it runs, and if the server ended during it.',
    example: '2026-01-31T12:00:01.000Z',
  })
  readonly endedAt: string | null;

  @ApiProperty({
    type: String,
    enum: [...attemptOutcomes, null],
    nullable: true,
    description: '`success`, or whose fault the failure was; null while it runs.',
    example: 'success',
  })
  readonly outcome: AttemptOutcome | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The code of the error, or `HTTP_503` if the handler answered with that status.',
    example: null,
  })
  readonly code: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What went wrong.', example: null })
  readonly message: string | null;

  constructor(attempt: Attempt, number: number, seesOutput: boolean) {
    this.number = number;
    this.invocationId = attempt.invocationId;
    this.startedAt = timeOf(attempt.startedAtMs);
    this.endedAt = timeOrNull(attempt.endedAtMs);
    this.outcome = attempt.outcome;
    this.code = attempt.code;
    const { message } = attempt;
    this.message = message === null || seesOutput ? message : withoutExcerpts(message);
  }
}

export class EventFollowUpResponse {
  @ApiProperty({ description: 'The function that `onSuccess` or `onFailure` names.', example: 'mailer' })
  readonly function: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The event that it received; null if none was made.',
    example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a56',
  })
  readonly eventId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why no event was made.', example: null })
  readonly refusal: string | null;

  constructor({ functionName, eventId, refusal }: FollowUp) {
    this.function = functionName;
    this.eventId = eventId;
    this.refusal = refusal;
  }
}

/** One event as the API shows it. */
@ApiExtraModels(EventResultResponse)
export class EventResponse {
  @ApiProperty({ format: 'uuid', example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55' })
  readonly id: string;

  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({
    enum: eventStates,
    example: 'succeeded',
    description:
      '`queued`: waits for an attempt; `running`: one is under way; `failed`: one failed through the function’s fault, and another will be made; `succeeded` and `dead` are ends.',
  })
  readonly state: EventState;

  @ApiProperty({ type: EventSourceResponse, description: 'What made it.' })
  readonly source: EventSourceResponse;

  @ApiProperty(moment)
  readonly acceptedAt: string;

  @ApiProperty({ ...noMoment, description: 'Null until it has ended.', example: '2026-01-31T12:00:01.000Z' })
  readonly endedAt: string | null;

  @ApiProperty({
    format: 'date-time',
    description: 'After this no attempt begins.',
    example: '2026-01-31T18:00:00.000Z',
  })
  readonly expiresAt: string;

  @ApiProperty({
    ...noMoment,
    description:
      'When the next attempt is due; null while one runs, after the end, and while an earlier event of its ordering key has not ended.',
    example: null,
  })
  readonly nextAttemptAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its `X-Ordering-Key`.',
    example: 'customer-7',
  })
  readonly orderingKey: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'How many events it follows from, by `onSuccess` and `onFailure`.',
    example: 0,
  })
  readonly depth: number;

  @ApiProperty({ type: EventRequestResponse })
  readonly request: EventRequestResponse;

  @ApiProperty({
    type: [EventAttemptResponse],
    description: 'The last attempts, oldest first; at most 20.',
  })
  readonly attempts: readonly EventAttemptResponse[];

  @ApiProperty({ type: 'integer', description: 'All attempts there were.', example: 1 })
  readonly attemptCount: number;

  @ApiPropertyOptional({
    nullable: true,
    description:
      'What the handler answered, kept for a day; null if there is none. Only in the answer about one event, and only for keys with `functions:invoke` or `logs:read`.',
    allOf: [{ $ref: schemaPath(EventResultResponse) }],
  })
  readonly result?: EventResultResponse | null;

  @ApiProperty({
    type: EventFollowUpResponse,
    nullable: true,
    description: 'What `onSuccess` or `onFailure` made of its end.',
  })
  readonly followUp: EventFollowUpResponse | null;

  constructor(event: EventRecord, { output, result }: Seen) {
    this.id = event.id;
    this.function = event.functionName;
    this.state = event.state;
    this.source = new EventSourceResponse(event.source);
    this.acceptedAt = timeOf(event.acceptedAtMs);
    this.endedAt = timeOrNull(event.endedAtMs);
    this.expiresAt = timeOf(event.expiresAtMs);
    this.nextAttemptAt = timeOrNull(event.nextAttemptAtMs);
    this.orderingKey = event.orderingKey;
    this.depth = event.depth;
    this.request = new EventRequestResponse(event);
    const earlier = event.attemptCount - event.attempts.length;
    this.attempts = event.attempts.map(
      (attempt, index) => new EventAttemptResponse(attempt, earlier + index + 1, output),
    );
    this.attemptCount = event.attemptCount;
    if (result !== undefined) this.result = result && new EventResultResponse(result);
    this.followUp = event.followUp && new EventFollowUpResponse(event.followUp);
  }
}

export class EventList {
  @ApiProperty({ type: [EventResponse], description: 'The events that were accepted last, newest first.' })
  readonly events: readonly EventResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Send it as `cursor` for the next page; null if there is none.',
    example: null,
  })
  readonly cursor: string | null;

  constructor(events: readonly EventResponse[], cursor: string | null) {
    this.events = events;
    this.cursor = cursor;
  }
}

export class RetriedEvents {
  @ApiProperty({ type: 'integer', description: 'Events that are due again.', example: 12 })
  readonly retried: number;

  @ApiProperty({ description: 'There may be more; send the request again.', example: false })
  readonly more: boolean;

  constructor(retried: number, more: boolean) {
    this.retried = retried;
    this.more = more;
  }
}

export class DeletedEvents {
  @ApiProperty({ type: 'integer', description: 'Events that are gone.', example: 12 })
  readonly deleted: number;

  @ApiProperty({ description: 'There may be more; send the request again.', example: false })
  readonly more: boolean;

  constructor(deleted: number, more: boolean) {
    this.deleted = deleted;
    this.more = more;
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : timeOf(ms);
}

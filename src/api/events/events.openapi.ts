import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '../../common/openapi/documentation.js';
import { DeletedEvents, EventList, EventResponse, RetriedEvents } from './event-response.js';

const DocumentedId = () =>
  ApiParam({
    name: 'id',
    description: 'The `id` of the event, as its acceptance answered it.',
    example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55',
  });

const storeProblems = [ApiProblem(503, 'STORAGE_UNAVAILABLE'), ApiProblem(503, 'OVERLOADED')];
const changeProblems = [...storeProblems, ApiProblem(507, 'INSUFFICIENT_STORAGE')];
const functionProblems = [ApiProblem(400, 'INVALID_NAME'), ApiProblem(404, 'FUNCTION_NOT_FOUND')];

/** What the OpenAPI document says of `GET /events`. */
export function DocumentedEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listEvents',
      summary: 'List events',
      description:
        'Newest first, without their results. A key that is limited to certain functions sees only the events of these.',
    }),
    ApiOkResponse({ type: EventList }),
    ...functionProblems,
    ...storeProblems,
  );
}

/** What the OpenAPI document says of `GET /events/:id`. */
export function DocumentedEvent(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getEvent',
      summary: 'Show one event: its state, its attempts and its result',
      description:
        'With `wait`, the response comes as soon as the event has ended, or when so many seconds have passed or the server stops, whichever comes first; `state` says which it was.',
    }),
    DocumentedId(),
    ApiOkResponse({ type: EventResponse }),
    ApiProblem(404, 'EVENT_NOT_FOUND'),
    ...storeProblems,
    ApiProblem(503, 'DRAINING'),
  );
}

/** What the OpenAPI document says of `POST /events/:id/retry`. */
export function DocumentedRetry(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'retryEvent',
      summary: 'Try an event again now',
      description:
        'A `dead`, `failed` or `queued` event is due at once, with all its attempts and the whole of its time before it.',
    }),
    DocumentedId(),
    ApiOkResponse({ type: EventResponse }),
    ApiProblem(404, 'EVENT_NOT_FOUND'),
    ApiProblem(409, 'EVENT_NOT_WAITING'),
    ...changeProblems,
  );
}

/** What the OpenAPI document says of `POST /events/retry`. */
export function DocumentedRetries(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'retryEvents',
      summary: 'Try many events again now',
      description: 'At most 1,000 at a time; while `more` is true, send the request again.',
    }),
    ApiOkResponse({ type: RetriedEvents }),
    ...functionProblems,
    ...changeProblems,
  );
}

/** What the OpenAPI document says of `DELETE /events/:id`. */
export function DocumentedDeletion(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deleteEvent',
      summary: 'Delete an event',
      description: 'One that runs is not stopped, but nothing is kept of it, and it is not tried again.',
    }),
    DocumentedId(),
    ApiNoContentResponse({ description: 'The event is gone.' }),
    ApiProblem(404, 'EVENT_NOT_FOUND'),
    ...changeProblems,
  );
}

/** What the OpenAPI document says of `DELETE /events`. */
export function DocumentedPurge(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deleteEvents',
      summary: 'Delete many events of a function',
      description: 'At most 1,000 at a time; while `more` is true, send the request again.',
    }),
    ApiOkResponse({ type: DeletedEvents }),
    ...functionProblems,
    ...changeProblems,
  );
}

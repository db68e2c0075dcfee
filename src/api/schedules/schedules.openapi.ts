import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '../../common/openapi/documentation.js';
import { DocumentedName } from '../../functions/function-name.js';
import { DocumentedSchedule } from '../../functions/schedule-name.js';
import { RunSchedule, ScheduleList, ScheduleResponse } from './schedule-response.js';

const tagged = {
  ETag: {
    description: "The revision of the function's settings, for `If-Match`.",
    schema: { type: 'string' as const, example: '"1"' },
  },
};

const ofFunction = [ApiProblem(400, 'INVALID_NAME'), ApiProblem(404, 'FUNCTION_NOT_FOUND')];

/** The schedule in the path. */
const ofSchedule = [
  DocumentedName(),
  DocumentedSchedule(),
  ...ofFunction,
  ApiProblem(400, 'INVALID_SETTINGS'),
  ApiProblem(404, 'SCHEDULE_NOT_FOUND'),
];

/** What both routes that change a schedule have in common. */
const change = [
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The `ETag` of the settings or the schedule that the change was made for.',
  }),
  ApiProblem(412, 'REVISION_CHANGED'),
  ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  ApiProblem(507, 'INSUFFICIENT_STORAGE'),
];

/** What the OpenAPI document says of `GET /schedules`. */
export function DocumentedSchedules(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listSchedules',
      summary: 'List schedules',
      description:
        'By the name of the function, then by their own. A key that is limited to certain functions sees only the schedules of these.',
    }),
    ApiOkResponse({ type: ScheduleList }),
    ...ofFunction,
  );
}

/** What the OpenAPI document says of `GET /schedules/:name/:schedule`. */
export function DocumentedShow(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getSchedule',
      summary: 'Show a schedule',
      description: 'With the next five times, and what has become of the last.',
    }),
    ApiOkResponse({ type: ScheduleResponse, headers: tagged }),
    ...ofSchedule,
  );
}

/** What the OpenAPI document says of `PUT /schedules/:name/:schedule`. */
export function DocumentedSet(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'setSchedule',
      summary: 'Set a schedule',
      description:
        'Each time it is due, the function gets an event: its request is `POST /` with `payload` as the body. The schedule is ' +
        'set as a whole: what the body leaves out has its default. It is a member of the setting `schedules`. With another `cron`, `every` ' +
        'or `timeZone` it begins anew; times that have passed never come again.',
    }),
    DocumentedName(),
    DocumentedSchedule(),
    ...ofFunction,
    ApiOkResponse({ type: ScheduleResponse, description: 'The schedule is changed.', headers: tagged }),
    ApiCreatedResponse({ type: ScheduleResponse, description: 'There is a new schedule.', headers: tagged }),
    ...change,
  );
}

/** What the OpenAPI document says of `DELETE /schedules/:name/:schedule`. */
export function DocumentedDelete(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deleteSchedule',
      summary: 'Delete a schedule',
      description: 'Events that it has made stay and run.',
    }),
    ApiNoContentResponse({ description: 'The schedule is gone.' }),
    ...ofSchedule,
    ...change,
  );
}

/** What the OpenAPI document says of `POST /schedules/:name/:schedule/run`. */
export function DocumentedRun(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'runSchedule',
      summary: 'Run a schedule now',
      description:
        'Makes an event as if the schedule were due now, also while it is disabled. Its own times stay as they are.',
    }),
    ApiAcceptedResponse({
      type: RunSchedule,
      description: 'The event is on the disk and will run.',
      headers: {
        Location: {
          description: 'Where the event is shown.',
          schema: { type: 'string', example: '/events/0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55' },
        },
      },
    }),
    ...ofSchedule,
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(429, 'EVENT_QUEUE_FULL'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

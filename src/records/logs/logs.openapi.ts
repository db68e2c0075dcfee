import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  schemaPath,
} from '../../common/openapi/documentation.js';
import { functionNameRule } from '../../functions/function-name.js';
import { lineLevels } from '../../sandbox/sandbox-events.js';
import { LogPage } from './log-answer.js';
import { defaultLines, levelRule, maxContains, maxLines } from './log-query.js';

const time = { type: 'string', example: '5m' } as const;
const ago = 'A time like 2026-01-31T12:00:00Z, or how long ago: 90s, 5m, 2h, 7d.';

const description =
  "Newest last. With `follow=true` the answer is a stream of server-sent events: `line` (the data is one line, the id its `sequence`), first the newest stored lines and then each as it is printed; `dropped` with the number of lines that were not sent because the client reads too slowly; `end` with the reason when the function is deleted, the server stops, the request has followed for the longest time allowed, or the key is no longer valid. A client that reconnects with `Last-Event-ID` gets the lines it has missed, as far as they are still stored. With `Accept: text/plain` both are lines for people: time, level, stream, the start of the call's id, text; terminal control characters are written as `\\uXXXX`.";

const followed = `event: line
id: 42
data: {"sequence":42,"at":"2026-01-31T12:00:00.000Z","invocationId":null,"version":1,"revision":1,"phase":"load",\
"stream":"stdout","level":"info","text":"hello","truncated":false,"droppedBytes":0}

event: end
data: {"reason":"shutdown"}
`;

const asText = '2026-01-31T12:00:00.000Z info  stdout  5bd66ef5 hello\n';

/** What the OpenAPI document says of `GET /logs/:name`. */
export function DocumentedLogs(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'getLogs', summary: 'Show what a function printed', description }),
    ApiParam({ name: 'name', description: `The function's name: ${functionNameRule}.`, example: 'myfunc' }),
    ApiQuery({
      name: 'invocation',
      required: false,
      schema: { type: 'string', format: 'uuid' },
      description: 'Only lines that this call printed.',
    }),
    ApiQuery({ name: 'since', required: false, schema: time, description: `Not before this time. ${ago}` }),
    ApiQuery({ name: 'until', required: false, schema: time, description: `Before this time. ${ago}` }),
    ApiQuery({
      name: 'level',
      required: false,
      schema: { enum: [...lineLevels], type: 'string' },
      description: levelRule,
    }),
    ApiQuery({
      name: 'contains',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: maxContains },
      description: 'Only lines that contain this text exactly.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: maxLines, default: defaultLines },
      description: 'Most lines in the answer.',
    }),
    ApiQuery({
      name: 'before',
      required: false,
      schema: { type: 'integer', minimum: 0 },
      description: 'Only lines with a smaller `sequence`: the previous page.',
    }),
    ApiQuery({ name: 'follow', required: false, schema: { type: 'boolean', default: false } }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'With `follow=true`: the last `sequence` that the client has seen.',
    }),
    ApiExtraModels(LogPage),
    ApiOkResponse({
      description: 'The lines, or with `follow=true` the stream.',
      content: {
        'application/json': { schema: { $ref: schemaPath(LogPage) } },
        'text/plain': { schema: { type: 'string' }, example: asText },
        'text/event-stream': { schema: { type: 'string' }, example: followed },
      },
    }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(406, 'NOT_ACCEPTABLE'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  schemaPath,
} from '../../common/openapi/documentation.js';
import { DocumentedName } from '../../functions/function-name.js';
import { LogPage } from './log-answer.js';

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
    DocumentedName(),
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
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(406, 'NOT_ACCEPTABLE'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

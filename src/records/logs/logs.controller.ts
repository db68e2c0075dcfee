import { applyDecorators, Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { parseLastEventId } from '../../common/connection/server-sent-event.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  schemaPath,
} from '../../common/openapi/documentation.js';
import { Clock } from '../../common/time/clock.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../../common/connection/send-json.js';
import { LogPage } from './log-response.js';
import { LogFollowing } from './log-following.js';
import { lineFilterOf, LogQuery } from './log-query.js';
import { type LogFormat, LogStream, plainText, serverSentEvents } from './log-stream.js';

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
function DocumentedLogs(): MethodDecorator {
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

@ApiTags('records')
@Controller('logs')
export class LogsController {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly reader: RecordReader,
    private readonly following: LogFollowing,
    private readonly clock: Clock,
  ) {}

  @Get(':name')
  @RequiresScope('logs:read')
  @DocumentedLogs()
  async logs(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @QueryFields(LogQuery) query: LogQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const filter = lineFilterOf(query, this.clock.wallTime().getTime());
    const caller = callerOf(request);
    if (query.follow) {
      const stream = new LogStream(response, followFormat(request, response));
      const after = parseLastEventId(lastEventId);
      await this.following.follow(this.functions.get(name), stream, { caller, filter, after });
      return;
    }
    const type = pageType(request, response);
    const page = await this.reader.lines({ ...filter, functionId: this.functions.get(name).id }, caller);
    if (type === 'json') sendJson(response, new LogPage(name, page));
    else response.type(plainText.contentType).send(page.lines.map((line) => plainText.line(line)).join(''));
  }
}

const charset = '; charset=utf-8';

/** Of a log as it stands; JSON unless the client asks for the other. Throws `NOT_ACCEPTABLE` where it wants neither. */
function pageType(request: Request, response: Response): 'json' | 'text' {
  return negotiated(request, response, { 'application/json': 'json', 'text/plain': 'text' } as const);
}

/** Of a log that is followed; server-sent events unless the client asks for the other. */
function followFormat(request: Request, response: Response): LogFormat {
  return negotiated(request, response, { 'text/event-stream': serverSentEvents, 'text/plain': plainText });
}

function negotiated<T>(request: Request, response: Response, offers: Readonly<Record<string, T>>): T {
  response.vary('Accept');
  const types = Object.keys(offers);
  // With the charset that the answer has: clients may ask for it, and without it such a type would fit none.
  const chosen = request.accepts(types.map((type) => `${type}${charset}`));
  const offer = chosen === false ? undefined : offers[chosen.slice(0, -charset.length)];
  if (offer !== undefined) return offer;
  const ways = 'Server-sent events come with follow=true, JSON without.';
  throw new DomainError(
    'NOT_ACCEPTABLE',
    `This answer can be ${types.join(' or ')}: name one of them in Accept. ${ways}`,
  );
}

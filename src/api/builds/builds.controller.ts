import { applyDecorators, Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { BuildLog } from '../../builds/records/build-log.js';
import { RecordedBuilds } from '../../builds/records/recorded-builds.js';
import { type Caller, callerOf, requireWithinReach } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { sendJson } from '../../common/connection/send-json.js';
import { parseLastEventId } from '../../common/connection/server-sent-event.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Flag, WholeNumber } from '../../common/input/field-rules.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  schemaPath,
} from '../../common/openapi/documentation.js';
import { FunctionField } from '../../functions/function-field.js';
import type { FunctionName } from '../../functions/function-name.js';
import { BuildFollowing } from './build-following.js';
import { BuildList, BuildResponse } from './build-response.js';

/** Builds that are looked through for those that the caller may see. */
const searchedBuilds = 1000;

const followed = `event: step
data: {"step":"install","startedAt":"2026-01-31T12:00:00.000Z"}

event: line
id: 1
data: {"at":"2026-01-31T12:00:02.000Z","stream":"stdout","text":"added 68 packages in 2s"}

event: end
data: {"id":"5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c","function":"myfunc","state":"succeeded","steps":[],\
"startedAt":"2026-01-31T12:00:00.000Z","endedAt":"2026-01-31T12:00:04.000Z","cached":false,"failure":null,"reason":"ended"}
`;

const followDescription =
  'With `follow=true` the answer is a stream of server-sent events: `step` as each step begins; `line`, one line of the log (the id counts them), first those that were printed already; `end` with the build and the reason: `ended`, the server stops (`shutdown`), or the key is no longer valid. A client that reconnects with `Last-Event-ID` gets the lines it has missed. Of a build that has ended it is the whole log at once. A deployment whose query named `buildId` can be followed while it is uploaded.';

/** What the OpenAPI document says of `GET /builds`. */
function DocumentedBuilds(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listBuilds',
      summary: 'List the latest builds',
      description: 'Newest first, as far as they are still stored.',
    }),
    ApiOkResponse({ type: BuildList }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** What the OpenAPI document says of `GET /builds/:id`. */
function DocumentedBuild(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getBuild',
      summary: 'Show or follow one build: its steps and its log',
      description: followDescription,
    }),
    ApiParam({
      name: 'id',
      description: "The `build.id` of a deployment's answer, or the `buildId` of its query.",
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'With `follow=true`: the id of the last `line` that the client has seen.',
    }),
    ApiExtraModels(BuildResponse),
    ApiOkResponse({
      description: 'The build with its log, or with `follow=true` the stream.',
      content: {
        'application/json': { schema: { $ref: schemaPath(BuildResponse) } },
        'text/event-stream': { schema: { type: 'string' }, example: followed },
      },
    }),
    ApiProblem(404, 'BUILD_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** The query of `GET /builds`. */
class BuildsQuery {
  @FunctionField('Only builds of this function, which need not exist: its first build may have failed.')
  readonly function?: FunctionName;

  @WholeNumber(
    { minimum: 1, maximum: 100 },
    { required: false, default: 20, description: 'Most builds in the response.' },
  )
  readonly limit!: number;
}

/** The query of `GET /builds/:id`. */
class BuildQuery {
  @Flag({ required: false, default: false, description: 'Whether to go on with each line as it is printed.' })
  readonly follow!: boolean;
}

@ApiTags('builds')
@Controller('builds')
export class BuildsController {
  constructor(
    private readonly builds: RecordedBuilds,
    private readonly following: BuildFollowing,
  ) {}

  @Get()
  @RequiresScope('functions:deploy', { keptBy: 'handler' })
  @DocumentedBuilds()
  async list(
    @QueryFields(BuildsQuery) { function: functionName, limit }: BuildsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    if (functionName !== undefined) requireWithinReach(caller, functionName);
    const found =
      functionName === undefined
        ? await this.builds.list({ limit: searchedBuilds })
        : await this.builds.list({ functionName, limit });
    const within = found.filter((build) => caller.reach.includes(build.functionName));
    sendJson(response, new BuildList(within.slice(0, limit)));
  }

  @Get(':id')
  @RequiresScope('functions:deploy', { keptBy: 'handler' })
  @DocumentedBuild()
  async get(
    @Param('id') id: string,
    @QueryFields(BuildQuery) { follow }: BuildQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    const seen = parseLastEventId(lastEventId) ?? 0;
    const log = await this.find(id.toLowerCase(), caller);
    if (follow) this.following.follow(response, log, caller, seen);
    else sendJson(response, new BuildResponse(log));
  }

  /** One that is out of reach is answered as one that is not there: its id tells nobody which it is. */
  private async find(id: string, caller: Caller): Promise<BuildLog> {
    const log = await this.builds.find(id);
    if (log && caller.reach.includes(log.build.functionName)) return log;
    throw new DomainError(
      'BUILD_NOT_FOUND',
      'There is no record of such a build: it was never begun, nothing needed it, or it is too long ago.',
    );
  }
}

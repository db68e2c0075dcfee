import { applyDecorators, Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Caller, callerOf, requireWithinReach, seesServer } from '../common/auth/caller.js';
import { RequiresScope } from '../common/auth/route-access.js';
import { Ruled } from '../common/input/field-rules.js';
import { QueryFields } from '../common/input/query-fields.js';
import { ApiProblem } from '../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../common/openapi/documentation.js';
import { FunctionField } from '../functions/function-field.js';
import type { FunctionName } from '../functions/function-name.js';
import { type WindowMinutes, windowMinutes } from './series/call-series.js';
import { type Stats, StatsReader } from './stats-reader.js';
import { StatsResponse } from './stats-response.js';

/** What the OpenAPI document says of `GET /stats`. */
function DocumentedStats(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getStats',
      summary: 'Show calls over time, and what needs attention',
      description:
        'Of the last day at most, since the server’s start. A key that is limited to certain functions sees only these, and nothing of the server.',
    }),
    ApiOkResponse({ type: StatsResponse }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
  );
}

/** The query of `GET /stats`. */
class StatsQuery {
  @FunctionField('Only this function; without it, the server and all functions.')
  readonly function?: FunctionName;

  @Ruled(
    (value, name) =>
      (windowMinutes as readonly unknown[]).includes(value)
        ? undefined
        : `${name} must be one of ${windowMinutes.join(', ')}`,
    {
      type: 'integer',
      enum: [...windowMinutes],
      required: false,
      default: 60,
      description: 'How far back, in minutes.',
    },
    (text) => windowMinutes.find((minutes) => String(minutes) === text) ?? text,
  )
  readonly minutes!: WindowMinutes;
}

@ApiTags('metrics')
@Controller('stats')
export class StatsController {
  constructor(private readonly stats: StatsReader) {}

  @Get()
  @RequiresScope('metrics:read', { keptBy: 'handler' })
  @DocumentedStats()
  async read(
    @QueryFields(StatsQuery) { function: name, minutes }: StatsQuery,
    @Req() request: Request,
  ): Promise<StatsResponse> {
    const caller = callerOf(request);
    const stats =
      name === undefined ? await this.all(minutes, caller) : await this.one(name, minutes, caller);
    return new StatsResponse(stats);
  }

  private all(minutes: WindowMinutes, caller: Caller): Promise<Stats> {
    const isSeen = (functionName: string) => caller.reach.includes(functionName);
    return this.stats.all(minutes, isSeen, seesServer(caller));
  }

  private async one(name: FunctionName, minutes: WindowMinutes, caller: Caller): Promise<Stats> {
    requireWithinReach(caller, name);
    return this.stats.one(name, minutes);
  }
}

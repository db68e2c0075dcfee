import { applyDecorators, Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Caller, callerOf, requireWithinReach } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { OneOf, WholeNumber } from '../../common/input/field-rules.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '../../common/openapi/documentation.js';
import { Clock } from '../../common/time/clock.js';
import { FunctionField } from '../../functions/function-field.js';
import type { FunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { invocationIdPattern } from '../logs/log-query.js';
import { Moment, momentOf, withoutUndefined } from '../moment.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../../common/connection/send-json.js';
import { type InvocationOutcome, invocationOutcomes } from '../store/record-store.js';
import { InvocationResponse, InvocationList } from './invocation-response.js';

/** What the OpenAPI document says of `GET /invocations`. */
function DocumentedInvocations(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listInvocations',
      summary: 'List the latest calls',
      description: 'Newest first, as far as they are still stored. A call appears once it has ended.',
    }),
    ApiOkResponse({ type: InvocationList }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** What the OpenAPI document says of `GET /invocations/:id`. */
function DocumentedInvocation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getInvocation',
      summary: 'Show one call: its outcome, what it used, who failed',
      description: 'Available once the call has ended, and as long as it is stored.',
    }),
    ApiParam({ name: 'id', description: "The `X-Glambdar-Invocation-Id` of the call's answer." }),
    ApiOkResponse({ type: InvocationResponse }),
    ApiProblem(404, 'INVOCATION_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** The query of `GET /invocations`. */
class InvocationQuery {
  @FunctionField('Only calls of this function.')
  readonly function?: FunctionName;

  @OneOf(invocationOutcomes, { required: false, description: 'Only calls with this outcome.' })
  readonly outcome?: InvocationOutcome;

  @WholeNumber({ minimum: 1 }, { required: false, description: 'Only calls that ran this version.' })
  readonly version?: number;

  @Moment('Only calls that began then or later.')
  readonly since?: string;

  @Moment('Only calls that began before this time.')
  readonly until?: string;

  @WholeNumber(
    { minimum: 1, maximum: 1000 },
    { required: false, default: 50, description: 'Most calls in the response.' },
  )
  readonly limit!: number;
}

@ApiTags('records')
@Controller('invocations')
export class InvocationsController {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly reader: RecordReader,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequiresScope('logs:read', { keptBy: 'handler' })
  @DocumentedInvocations()
  async list(
    @QueryFields(InvocationQuery) query: InvocationQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const nowMs = this.clock.wallTime().getTime();
    const caller = callerOf(request);
    const records = await this.reader.invocations(
      withoutUndefined({
        functionIds: this.functionsMeant(query.function, caller),
        outcome: query.outcome,
        version: query.version,
        sinceMs: momentOf(query.since, nowMs),
        untilMs: momentOf(query.until, nowMs),
        limit: query.limit,
      }),
      caller,
    );
    sendJson(response, new InvocationList(records));
  }

  @Get(':id')
  @RequiresScope('logs:read', { keptBy: 'handler' })
  @DocumentedInvocation()
  async get(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = callerOf(request);
    // What cannot be an id is looked for nowhere.
    const record = invocationIdPattern.test(id) ? await this.reader.invocation(id, caller) : undefined;
    // One that is out of reach is answered as one that is not there: its id tells nobody which it is.
    if (!record || !caller.reach.includes(record.function.name)) {
      throw new DomainError(
        'INVOCATION_NOT_FOUND',
        'There is no record of such an invocation: it names no function, is still running, or is too long ago.',
      );
    }
    sendJson(response, new InvocationResponse(record));
  }

  /** Ids of the functions asked for; undefined where it is all of them. */
  private functionsMeant(name: FunctionName | undefined, caller: Caller): readonly string[] | undefined {
    if (name !== undefined) {
      requireWithinReach(caller, name);
      return [this.functions.get(name).id];
    }
    if (!caller.reach.isLimited) return undefined;
    return this.functions
      .list()
      .filter((deployed) => caller.reach.includes(deployed.name))
      .map(({ id }) => id);
  }
}

import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf, requireWithinReach, type Caller } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { parseFunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { invocationIdPattern, QueryFields, type RawQuery } from '../query-fields.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../send-json.js';
import { invocationOutcomes } from '../store/record-store.js';
import { InvocationAnswer, InvocationList } from './invocation-answer.js';
import {
  defaultInvocations,
  DocumentedInvocation,
  DocumentedInvocations,
  maxInvocations,
} from './invocations.openapi.js';

@ApiTags('records')
@Controller('invocations')
export class InvocationsController {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly reader: RecordReader,
  ) {}

  @Get()
  @RequiresScope('logs:read', { keptBy: 'handler' })
  @DocumentedInvocations()
  async list(@Query() query: RawQuery, @Req() request: Request, @Res() response: Response): Promise<void> {
    const given = new QueryFields(query, ['function', 'outcome', 'limit']);
    const outcome = given.oneOf('outcome', invocationOutcomes);
    const limit = given.integer('limit', { min: 1, max: maxInvocations }) ?? defaultInvocations;
    const name = given.matching('function', /^/, "a function's name");
    const functionIds = this.functionsMeant(name, callerOf(request));
    const records = await this.reader.invocations({
      limit,
      ...(functionIds === undefined ? {} : { functionIds }),
      ...(outcome === undefined ? {} : { outcome }),
    });
    sendJson(response, new InvocationList(records));
  }

  @Get(':id')
  @RequiresScope('logs:read', { keptBy: 'handler' })
  @DocumentedInvocation()
  async get(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    // What cannot be an id is looked for nowhere.
    const record = invocationIdPattern.test(id) ? await this.reader.invocation(id) : undefined;
    // One that is out of reach is answered as one that is not there: its id tells nobody which it is.
    if (!record || !callerOf(request).reach.includes(record.function.name)) {
      throw new DomainError(
        'INVOCATION_NOT_FOUND',
        'There is no record of such an invocation: it names no function, is still running, or is too long ago.',
      );
    }
    sendJson(response, new InvocationAnswer(record));
  }

  /** Ids of the functions asked for; undefined where it is all of them. */
  private functionsMeant(name: string | undefined, caller: Caller): readonly string[] | undefined {
    if (name !== undefined) {
      requireWithinReach(caller, name);
      return [this.functions.get(parseFunctionName(name, 'in the query field function')).id];
    }
    if (!caller.reach.isLimited) return undefined;
    return this.functions
      .list()
      .filter((deployed) => caller.reach.includes(deployed.name))
      .map(({ id }) => id);
  }
}

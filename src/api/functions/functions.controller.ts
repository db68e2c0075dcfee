import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf, seesOutput, type Caller } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { DeletionService } from '../../deployment/deletion.service.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction } from '../../functions/function.js';
import { FunctionList, FunctionMetadata } from './function-metadata.js';

@ApiTags('functions')
@Controller()
export class FunctionsController {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly deletion: DeletionService,
  ) {}

  @Get('info')
  @RequiresScope('functions:read', { keptBy: 'handler' })
  @ApiOperation({
    operationId: 'listFunctions',
    summary: 'List all functions',
    description: 'A key that is limited to certain functions sees only these.',
  })
  @ApiOkResponse({ type: FunctionList })
  list(@Req() request: Request): FunctionList {
    const caller = callerOf(request);
    const shown = this.registry.list().filter(({ name }) => caller.reach.includes(name));
    return new FunctionList(shown.map((deployed) => this.metadataOf(deployed, caller)));
  }

  @Get('info/:name')
  @RequiresScope('functions:read')
  @ApiOperation({
    operationId: 'getFunction',
    summary: 'Describe a function',
    description: "The function's entry in `GET /info`.",
  })
  @DocumentedName()
  @ApiOkResponse({ type: FunctionMetadata })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  describe(@Param('name', FunctionNamePipe) name: FunctionName, @Req() request: Request): FunctionMetadata {
    return this.metadataOf(this.registry.get(name), callerOf(request));
  }

  @Delete('del/:name')
  @HttpCode(204)
  @RequiresScope('functions:delete')
  @ApiOperation({
    operationId: 'deleteFunction',
    summary: 'Delete a function',
    description:
      'This also deletes its versions, settings, secrets and logs. Running calls finish with the code they started with. To publish new code and keep all of these, use `PUT /deploy/{name}`.',
  })
  @DocumentedName()
  @ApiNoContentResponse({ description: 'The function is deleted and its name is free.' })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  @Audited('function.delete')
  async delete(@Param('name', FunctionNamePipe) name: FunctionName, @Req() request: Request): Promise<void> {
    await this.deletion.delete(name, changerOf(callerOf(request)));
  }

  private metadataOf(deployed: DeployedFunction, caller: Caller): FunctionMetadata {
    return new FunctionMetadata(deployed, this.registry.isBroken(deployed.version.id), seesOutput(caller));
  }
}

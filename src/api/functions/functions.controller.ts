import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Audited } from '../../common/audit/audited.js';
import { type Caller, callerOf, seesOutput } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { withoutExcerpts } from '../../common/errors/discretion.js';
import { IgnoresQuery } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { DeletionService } from '../../deployment/deletion.service.js';
import {
  DocumentedName,
  type FunctionName,
  functionNamePattern,
  FunctionNamePipe,
} from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction, FunctionSettings, Isolation } from '../../functions/function.js';
import { isolations } from '../../functions/settings/function-settings.dto.js';
import { defaultRuntime, runtimeNames, type RuntimeName } from '../../runtimes/runtime.js';
import { CodeBytes, type CodeFacts, codeFactsOf, FileCount, Sha256, Version } from '../code-facts.js';

/** The settings that say what containers to expect; `GET /settings/:name` shows all. */
type ShownSetting = 'runtime' | 'isolation' | 'minContainers' | 'maxContainers' | 'idleTimeoutSeconds';

const functionStates = ['active', 'failing', 'broken'] as const;

/** Whether calls can be served, as far as the function's code is concerned. */
type FunctionState = (typeof functionStates)[number];

const brokenReason = 'Its code is missing or was changed on the server; publish it again.';

/** What `GET /info` tells of a function. */
class FunctionMetadata implements CodeFacts, Pick<FunctionSettings, ShownSetting> {
  @ApiProperty({ pattern: functionNamePattern.source, example: 'myfunc' })
  readonly name: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the last call was admitted; null before the first.',
    example: '2026-01-31T12:30:00.000Z',
  })
  readonly lastInvokedAt: string | null;

  @ApiProperty({ type: 'integer', description: 'Admitted calls, whatever their outcome.', example: 3 })
  readonly invokeCount: number;

  @Version('The version that new calls run.')
  readonly version!: number;

  @Sha256()
  readonly sha256!: string;

  @CodeBytes()
  readonly codeBytes!: number;

  @FileCount()
  readonly fileCount!: number;

  @ApiProperty({
    enum: functionStates,
    description:
      '`failing`: the code did not load when it was last tried, so calls are likely to fail. `broken`: the code is ' +
      'missing on the disk or is not what was deployed; calls get `CODE_UNAVAILABLE` until you publish it again.',
    example: 'active',
  })
  readonly state: FunctionState;

  @ApiPropertyOptional({
    type: String,
    description: 'Why the function is not `active`; absent if it is.',
    example: 'Error: DATABASE_URL is not set',
  })
  readonly stateReason?: string;

  @ApiProperty({ enum: [...runtimeNames], example: defaultRuntime })
  readonly runtime: RuntimeName;

  @ApiProperty({ enum: isolations, example: 'fresh' })
  readonly isolation: Isolation;

  @ApiProperty({ type: 'integer', example: 0 })
  readonly minContainers: number;

  @ApiProperty({ type: 'integer', example: 4 })
  readonly maxContainers: number;

  @ApiProperty({ type: 'integer', example: 300 })
  readonly idleTimeoutSeconds: number;

  constructor(
    { name, createdAt, lastInvokedAt, invokeCount, version, settings, loadFailure }: DeployedFunction,
    isBroken: boolean,
    seesOutput: boolean,
  ) {
    this.name = name;
    this.createdAt = createdAt.toISOString();
    this.lastInvokedAt = lastInvokedAt?.toISOString() ?? null;
    this.invokeCount = invokeCount;
    Object.assign(this, codeFactsOf(version));
    const reason = isBroken ? brokenReason : loadFailure;
    this.state = isBroken ? 'broken' : reason === null ? 'active' : 'failing';
    if (reason !== null) this.stateReason = seesOutput ? reason : withoutExcerpts(reason);
    this.runtime = settings.runtime;
    this.isolation = settings.isolation;
    this.minContainers = settings.minContainers;
    this.maxContainers = settings.maxContainers;
    this.idleTimeoutSeconds = settings.idleTimeoutSeconds;
  }
}

class FunctionList {
  @ApiProperty({ type: 'integer', description: 'Length of `functions`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [FunctionMetadata], description: 'In the order of deployment.' })
  readonly functions: readonly FunctionMetadata[];

  constructor(functions: readonly FunctionMetadata[]) {
    this.count = functions.length;
    this.functions = functions;
  }
}

@ApiTags('functions')
@Controller()
export class FunctionsController {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly deletion: DeletionService,
  ) {}

  @Get('info')
  @IgnoresQuery()
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
  @IgnoresQuery()
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
  @IgnoresQuery()
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

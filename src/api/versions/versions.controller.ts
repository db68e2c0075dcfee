import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { WholeNumber } from '../../common/input/field-rules.js';
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { VersionService } from '../../deployment/version.service.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction, FunctionVersion } from '../../functions/function.js';
import { CodeBytes, codeFactsOf, FileCount, Sha256, Version, type CodeFacts } from '../code-facts.js';
import { DeploymentResponse } from '../deploy/deploy.dto.js';

/** The body of `POST /rollback/:name`, which may be left out. */
class RollbackBody {
  @WholeNumber(
    { minimum: 1 },
    {
      required: false,
      description: 'The version to roll back to; if omitted, the newest one before the current version.',
      example: 1,
    },
  )
  readonly version?: number;
}

/** What is shown of one version. */
export class VersionMetadata implements CodeFacts {
  @Version('Increases with every new version and is never reused.')
  readonly version!: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: string;

  @Sha256()
  readonly sha256!: string;

  @CodeBytes()
  readonly codeBytes!: number;

  @FileCount()
  readonly fileCount!: number;

  @ApiProperty({ description: 'New calls run this version; true for exactly one.', example: true })
  readonly current: boolean;

  constructor(version: FunctionVersion, currentId: string) {
    Object.assign(this, codeFactsOf(version));
    this.createdAt = version.createdAt.toISOString();
    this.current = version.id === currentId;
  }
}

/** The versions of a function that are kept. */
export class VersionList {
  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: 'integer', description: 'Length of `versions`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [VersionMetadata], description: 'Newest first.' })
  readonly versions: readonly VersionMetadata[];

  constructor({ name, version }: DeployedFunction, versions: readonly FunctionVersion[]) {
    this.function = name;
    this.count = versions.length;
    this.versions = versions.map((one) => new VersionMetadata(one, version.id));
  }
}

@ApiTags('functions')
@Controller()
export class VersionsController {
  constructor(
    private readonly versions: VersionService,
    private readonly registry: FunctionRegistry,
  ) {}

  @Get('versions/:name')
  @RequiresScope('functions:read')
  @ApiOperation({
    operationId: 'listVersions',
    summary: 'List the versions of a function',
    description: 'The versions that are kept; you can roll back to each of them.',
  })
  @DocumentedName()
  @ApiOkResponse({ type: VersionList })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  async list(@Param('name', FunctionNamePipe) name: FunctionName): Promise<VersionList> {
    const versions = await this.versions.list(name);
    // Read afterwards: what is current then is what the response says, whatever was changed meanwhile.
    return new VersionList(this.registry.get(name), versions);
  }

  @Post('rollback/:name')
  @HttpCode(200)
  @RequiresScope('functions:deploy')
  @ApiOperation({
    operationId: 'rollBackFunction',
    summary: 'Roll back to another version of a function',
    description:
      'If the version does not load, nothing changes. Running calls finish on the version they started with. Settings ' +
      'and secrets stay as they are.',
  })
  @DocumentedName()
  @ApiOkResponse({
    type: DeploymentResponse,
    description: 'New calls run the version in the response.',
  })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  @ApiProblem(404, 'VERSION_NOT_FOUND')
  @ApiProblem(409, 'NOTHING_TO_ROLL_BACK')
  @ApiProblem(422, 'CANDIDATE_NOT_LOADABLE')
  @ApiProblem(503, 'RUNTIME_UNAVAILABLE')
  @ApiProblem(503, 'IMAGE_MISSING')
  @ApiProblem(503, 'DRAINING')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(503, 'CODE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  @Audited('function.rollback')
  async rollBack(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @JsonBody(RollbackBody, { limitBytes: 1024, isOptional: true }) { version }: RollbackBody,
    @Req() request: Request,
  ): Promise<DeploymentResponse> {
    return new DeploymentResponse(await this.versions.rollBack(name, version, changerOf(callerOf(request))));
  }
}

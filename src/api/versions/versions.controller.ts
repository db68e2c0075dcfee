import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Caller, callerOf, seesKeys } from '../../common/auth/caller.js';
import { KeyNames } from '../../common/auth/key-names.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { WholeNumber } from '../../common/input/field-rules.js';
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { type PublishedVersion, VersionService } from '../../deployment/version.service.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { FunctionVersion } from '../../functions/function.js';
import { effectiveSettings, EffectiveSettings } from '../../functions/settings/function-settings.dto.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';
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

/** Who published a version. */
class Publisher {
  @ApiProperty({ description: "The key's id, as in `GET /keys`.", example: '0123456789ab' })
  readonly id: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null if the key is unknown.', example: 'ci' })
  readonly name: string | null;

  constructor(id: string, name: string | undefined) {
    this.id = id;
    this.name = name ?? null;
  }
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

  @ApiProperty({
    type: Publisher,
    nullable: true,
    description:
      'The key that published it; null if it was published without a key, if that is not known, and for callers without the scope admin.',
  })
  readonly publishedBy: Publisher | null;

  @ApiProperty({
    type: EffectiveSettings,
    nullable: true,
    description:
      "The function's settings when it was published; a roll back does not bring them back. Null of versions that an older server has published.",
  })
  readonly settings: EffectiveSettings | null;

  @ApiProperty({
    type: [SettingChange],
    nullable: true,
    description:
      'What differs from `settings` of the version before it; null if that one is not kept, or either is unknown.',
  })
  readonly changes: readonly SettingChange[] | null;

  constructor({ version, settings, changes }: PublishedVersion, currentId: string, by: Publisher | null) {
    Object.assign(this, codeFactsOf(version));
    this.createdAt = version.createdAt.toISOString();
    this.current = version.id === currentId;
    this.publishedBy = by;
    this.settings = settings && effectiveSettings(settings);
    this.changes = changes;
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

  constructor(name: FunctionName, versions: readonly VersionMetadata[]) {
    this.function = name;
    this.count = versions.length;
    this.versions = versions;
  }
}

@ApiTags('functions')
@Controller()
export class VersionsController {
  constructor(
    private readonly versions: VersionService,
    private readonly registry: FunctionRegistry,
    private readonly keyNames: KeyNames,
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
  async list(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Req() request: Request,
  ): Promise<VersionList> {
    const versions = await this.versions.list(name);
    // Read afterwards: what is current then is what the response says, whatever was changed meanwhile.
    const { version: current } = this.registry.get(name);
    const caller = callerOf(request);
    const shown = versions.map(
      (one) => new VersionMetadata(one, current.id, this.publisherOf(one.version, caller)),
    );
    return new VersionList(name, shown);
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

  private publisherOf({ publishedBy }: FunctionVersion, caller: Caller): Publisher | null {
    if (publishedBy === null || !seesKeys(caller)) return null;
    return new Publisher(publishedBy, this.keyNames.nameOf(publishedBy));
  }
}

import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { JsonBodies } from '../../common/request-body/json-bodies.js';
import { changerOf } from '../../deployment/changer.js';
import { VersionService } from '../../deployment/version.service.js';
import { type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { DeployAnswer } from '../deploy/deploy-answer.js';
import { parseRollback } from './rollback-body.js';
import { VersionList } from './version-answer.js';
import { DocumentedRollback, DocumentedVersions } from './versions.openapi.js';

/** One number; this leaves room for white space. */
const maxBodyBytes = 1024;

@ApiTags('functions')
@Controller()
export class VersionsController {
  constructor(
    private readonly versions: VersionService,
    private readonly registry: FunctionRegistry,
    private readonly bodies: JsonBodies,
  ) {}

  @Get('versions/:name')
  @RequiresScope('functions:read')
  @DocumentedVersions()
  async list(@Param('name', FunctionNamePipe) name: FunctionName): Promise<VersionList> {
    const versions = await this.versions.list(name);
    // Read afterwards: what is current then is what the answer says, whatever was changed meanwhile.
    return new VersionList(this.registry.get(name), versions);
  }

  @Post('rollback/:name')
  @HttpCode(200)
  @RequiresScope('functions:deploy')
  @DocumentedRollback()
  @Audited('function.rollback')
  async rollBack(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Req() request: Request,
  ): Promise<DeployAnswer> {
    const { version } = parseRollback(await this.bodyOf(request));
    return new DeployAnswer(await this.versions.rollBack(name, version, changerOf(callerOf(request))));
  }

  /** No body at all asks for the version before. */
  private async bodyOf(request: Request): Promise<unknown> {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) return {};
    return this.bodies.read(request, maxBodyBytes, ['application/json']);
  }
}

import { Controller, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { DeployService } from '../../deployment/deploy.service.js';
import { VersionService } from '../../deployment/version.service.js';
import { ArchiveUploadInterceptor, TakenForm, type DeployRequest } from './archive-upload.interceptor.js';
import { DeployAnswer } from './deploy-answer.js';
import { DocumentedDeploy, DocumentedPublish } from './deploy.openapi.js';

@ApiTags('functions')
@Controller()
export class DeployController {
  constructor(
    private readonly deploys: DeployService,
    private readonly versions: VersionService,
  ) {}

  @Post('deploy')
  @RequiresScope('functions:deploy', { keptBy: 'handler' })
  @UseInterceptors(ArchiveUploadInterceptor)
  @DocumentedDeploy()
  @Audited('function.deploy')
  async deploy(@TakenForm() { archive, options }: DeployRequest): Promise<DeployAnswer> {
    try {
      return new DeployAnswer(await this.deploys.deploy(archive, options));
    } finally {
      await this.deploys.discard(archive);
    }
  }

  @Put('deploy/:name')
  @RequiresScope('functions:deploy')
  @UseInterceptors(ArchiveUploadInterceptor)
  @DocumentedPublish()
  @Audited('function.deploy')
  async publish(
    @TakenForm() { archive, options }: DeployRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeployAnswer> {
    try {
      const published = await this.versions.publish(archive, options);
      if (published.isNew) response.status(201);
      return new DeployAnswer(published);
    } finally {
      await this.deploys.discard(archive);
    }
  }
}

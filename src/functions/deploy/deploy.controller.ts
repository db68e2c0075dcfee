import { Body, Controller, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { ArchiveUploadInterceptor, UploadedArchive } from './archive-upload.interceptor.js';
import { DeployAnswer } from './deploy-answer.js';
import { settingsIn } from './deploy-form.js';
import { DocumentedDeploy, DocumentedPublish } from './deploy.openapi.js';
import { VersionService } from '../versions/version.service.js';
import { DeployService, type ReceivedArchive } from './deploy.service.js';

@ApiTags('functions')
@Controller()
export class DeployController {
  constructor(
    private readonly deploys: DeployService,
    private readonly versions: VersionService,
    private readonly settings: SettingsReader,
  ) {}

  @Post('deploy')
  @RequiresScope('functions:deploy', { keptBy: 'handler' })
  @UseInterceptors(ArchiveUploadInterceptor)
  @DocumentedDeploy()
  @Audited('function.deploy')
  async deploy(@UploadedArchive() archive: ReceivedArchive, @Body() form: unknown): Promise<DeployAnswer> {
    try {
      const settings = settingsIn(form, this.settings) ?? this.settings.fromForm(undefined);
      return new DeployAnswer(await this.deploys.deploy(archive, settings));
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
    @UploadedArchive() archive: ReceivedArchive,
    @Body() form: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeployAnswer> {
    try {
      const published = await this.versions.publish(archive, settingsIn(form, this.settings));
      if (published.isNew) response.status(201);
      return new DeployAnswer(published);
    } finally {
      await this.deploys.discard(archive);
    }
  }
}

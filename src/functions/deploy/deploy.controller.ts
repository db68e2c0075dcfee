import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { ArchiveUploadInterceptor, UploadedArchive } from './archive-upload.interceptor.js';
import { DeployAnswer } from './deploy-answer.js';
import { settingsIn } from './deploy-form.js';
import { DocumentedDeploy } from './deploy.openapi.js';
import { DeployService, type ReceivedArchive } from './deploy.service.js';

@ApiTags('functions')
@Controller()
export class DeployController {
  constructor(
    private readonly deploys: DeployService,
    private readonly settings: SettingsReader,
  ) {}

  @Post('deploy')
  @RequiresScope('functions:deploy')
  @UseInterceptors(ArchiveUploadInterceptor)
  @DocumentedDeploy()
  @Audited('function.deploy')
  async deploy(@UploadedArchive() archive: ReceivedArchive, @Body() form: unknown): Promise<DeployAnswer> {
    try {
      return new DeployAnswer(await this.deploys.deploy(archive, settingsIn(form, this.settings)));
    } finally {
      await this.deploys.discard(archive);
    }
  }
}

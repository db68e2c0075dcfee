import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArchiveUploadInterceptor, UploadedArchive } from './archive-upload.interceptor.js';
import { DeployAnswer } from './deploy-answer.js';
import { settingsIn } from './deploy-form.js';
import { DocumentedDeploy } from './deploy.openapi.js';
import { DeployService, type ReceivedArchive } from './deploy.service.js';

@ApiTags('functions')
@Controller()
export class DeployController {
  constructor(private readonly deploys: DeployService) {}

  @Post('deploy')
  @UseInterceptors(ArchiveUploadInterceptor)
  @DocumentedDeploy()
  async deploy(@UploadedArchive() archive: ReceivedArchive, @Body() form: unknown): Promise<DeployAnswer> {
    try {
      return new DeployAnswer(await this.deploys.deploy(archive, settingsIn(form)));
    } finally {
      await this.deploys.discard(archive);
    }
  }
}

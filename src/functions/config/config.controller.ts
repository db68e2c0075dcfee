import { Controller, Get, Param, Patch, Req } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../common/access/caller.js';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { readJsonBody } from '../../common/request-body/read-json-body.js';
import { changerOf } from '../changer.js';
import type { FunctionName } from '../function-name.js';
import { FunctionNamePipe } from '../function-name.pipe.js';
import { configOf, FunctionConfig } from '../settings/function-settings.dto.js';
import { ChangedConfig } from './changed-config.js';
import { DocumentedConfig, DocumentedConfigChange, patchTypes } from './config.openapi.js';
import { ConfigService } from './config.service.js';

/** The environment may have 16 KiB before JSON escapes it. */
const maxPatchBytes = 64 * 1024;

@ApiTags('functions')
@Controller('config')
export class ConfigController {
  constructor(private readonly configs: ConfigService) {}

  @Get(':name')
  @RequiresScope('functions:read')
  @DocumentedConfig()
  show(@Param('name', FunctionNamePipe) name: FunctionName): FunctionConfig {
    return configOf(this.configs.settingsOf(name));
  }

  @Patch(':name')
  @RequiresScope('functions:deploy')
  @DocumentedConfigChange()
  @Audited('function.configure')
  async change(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Req() request: Request,
  ): Promise<ChangedConfig> {
    const patch = await readJsonBody(request, maxPatchBytes, patchTypes);
    return new ChangedConfig(await this.configs.change(name, patch, changerOf(callerOf(request))));
  }
}

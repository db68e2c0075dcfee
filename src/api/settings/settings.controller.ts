import { Controller, Get, Param, Patch, Req } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { ApiTags } from '../../common/openapi/documentation.js';
import { JsonBodies } from '../../common/request-body/json-bodies.js';
import { changerOf } from '../../deployment/changer.js';
import { SettingsService } from '../../deployment/settings.service.js';
import { type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import { effectiveSettings, EffectiveSettings } from '../../functions/settings/function-settings.dto.js';
import { ChangedSettings } from './changed-settings.js';
import { DocumentedSettings, DocumentedSettingsChange, patchTypes } from './settings.openapi.js';

/** The environment may have 16 KiB before JSON escapes it. */
const maxPatchBytes = 64 * 1024;

@ApiTags('functions')
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly configs: SettingsService,
    private readonly bodies: JsonBodies,
  ) {}

  @Get(':name')
  @RequiresScope('functions:read')
  @DocumentedSettings()
  show(@Param('name', FunctionNamePipe) name: FunctionName): EffectiveSettings {
    return effectiveSettings(this.configs.settingsOf(name));
  }

  @Patch(':name')
  @RequiresScope('functions:deploy')
  @DocumentedSettingsChange()
  @Audited('function.configure')
  async change(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Req() request: Request,
  ): Promise<ChangedSettings> {
    const patch = await this.bodies.read(request, maxPatchBytes, patchTypes);
    return new ChangedSettings(await this.configs.change(name, patch, changerOf(callerOf(request))));
  }
}

import { Controller, Get, Headers, Param, Patch, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { changerOf } from '../../deployment/changer.js';
import { SettingsService, type SettingsChange } from '../../deployment/settings.service.js';
import { DocumentedName, type FunctionName, FunctionNamePipe } from '../../functions/function-name.js';
import {
  effectiveSettings,
  EffectiveSettings,
  FunctionSettingsPatch,
  maxSettingsBytes,
} from '../../functions/settings/function-settings.dto.js';
import { SettingChange } from '../../functions/settings/setting-changes.js';
import { conditionOf, entityTagOf } from './entity-tag.js';

/** All settings, and what the patch did. */
export class ChangedSettings extends EffectiveSettings {
  @ApiPropertyOptional({ type: [SettingChange], description: 'What has changed; absent if nothing has.' })
  readonly changes?: readonly SettingChange[];

  @ApiPropertyOptional({
    type: [String],
    description: 'What is likely to go wrong, one sentence each; absent if there is nothing to report.',
    example: [
      'The code does not load, so calls will fail. Error: DATABASE_URL is not set',
      'The setting egress: "10.0.0.7:5432" is no public address. Calls will fail with EGRESS_ADDRESS_REFUSED unless ' +
        'whoever runs the server adds it to GLAMBDAR_EGRESS_ALLOWED_RANGES.',
    ],
  })
  readonly warnings?: readonly string[];

  constructor({ settings, changes, warnings }: SettingsChange) {
    super();
    Object.assign(this, effectiveSettings(settings));
    if (changes.length > 0) this.changes = changes;
    if (warnings.length > 0) this.warnings = warnings;
  }
}

const tagged = {
  ETag: {
    description: 'The revision that the settings belong to, for `If-Match`.',
    schema: { type: 'string' as const, example: '"1"' },
  },
};

const patchBody = {
  limitBytes: maxSettingsBytes,
  // A merge patch by its own name, or as the JSON that it is.
  mediaTypes: ['application/merge-patch+json', 'application/json'],
  example: { memoryMiB: 256, isolation: 'warm', environment: { GREETING: 'Hello' } },
};

@ApiTags('functions')
@Controller('settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get(':name')
  @RequiresScope('functions:read')
  @ApiOperation({
    operationId: 'getSettings',
    summary: "Show a function's settings",
    description: 'The values you have set, and the defaults of the others.',
  })
  @DocumentedName()
  @ApiOkResponse({
    type: EffectiveSettings,
    description: 'Every setting with its current value.',
    headers: tagged,
  })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  show(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @Res({ passthrough: true }) response: Response,
  ): EffectiveSettings {
    const { settings, revision } = this.settings.settingsOf(name);
    response.setHeader('ETag', entityTagOf(revision));
    return effectiveSettings(settings);
  }

  @Patch(':name')
  @RequiresScope('functions:deploy')
  @ApiOperation({
    operationId: 'changeSettings',
    summary: "Change a function's settings",
    description:
      'A JSON merge patch (RFC 7396): it changes what it names, and `null` restores the default. Running calls finish ' +
      'with the settings they started with, and no call fails because of the change. If a changed `handler` or `runtime` ' +
      'does not load the code, nothing changes. With `If-Match` nothing changes either if the function has changed since ' +
      'you read its settings.',
  })
  @DocumentedName()
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The `ETag` of the settings that the change was made for.',
  })
  @ApiOkResponse({
    type: ChangedSettings,
    description: 'All settings with their new values, and which of them have changed.',
    headers: tagged,
  })
  @ApiProblem(400, 'INVALID_NAME')
  @ApiProblem(404, 'FUNCTION_NOT_FOUND')
  @ApiProblem(409, 'HOST_TAKEN')
  @ApiProblem(412, 'REVISION_CHANGED')
  @ApiProblem(422, 'CANDIDATE_NOT_LOADABLE')
  @ApiProblem(503, 'RUNTIME_UNAVAILABLE')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  @Audited('function.configure')
  async change(
    @Param('name', FunctionNamePipe) name: FunctionName,
    @JsonBody(FunctionSettingsPatch, patchBody) patch: FunctionSettingsPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ChangedSettings> {
    const change = await this.settings.change(name, patch, {
      by: changerOf(callerOf(request)),
      condition: conditionOf(ifMatch),
    });
    response.setHeader('ETag', entityTagOf(change.revision));
    return new ChangedSettings(change);
  }
}

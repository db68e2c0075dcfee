import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation } from '../../common/openapi/documentation.js';
import { DocumentedName } from '../../functions/function-name.js';
import { EffectiveSettings, FunctionSettingsPatch } from '../../functions/settings/function-settings.dto.js';
import { ChangedSettings } from './changed-settings.js';

/** A merge patch by its own name, or as the JSON that it is. */
export const patchTypes = ['application/merge-patch+json', 'application/json'] as const;

/** What the OpenAPI document says of `GET /settings/:name`. */
export function DocumentedSettings(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getSettings',
      summary: "Show a function's settings",
      description: 'The values you have set, and the defaults of the others.',
    }),
    DocumentedName(),
    ApiOkResponse({ type: EffectiveSettings, description: 'Every setting with its current value.' }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
  );
}

/** What the OpenAPI document says of `PATCH /settings/:name`. */
export function DocumentedSettingsChange(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changeSettings',
      summary: "Change a function's settings",
      description:
        'A JSON merge patch (RFC 7396): it changes what it names, and `null` restores the default. Running calls finish with the settings they started with, and no call fails because of the change. If a changed `handler` does not load, nothing changes.',
    }),
    DocumentedName(),
    ApiConsumes(...patchTypes),
    ApiBody({
      type: FunctionSettingsPatch,
      examples: {
        patch: { value: { memoryMiB: 256, isolation: 'warm', environment: { GREETING: 'Hello' } } },
      },
    }),
    ApiOkResponse({
      type: ChangedSettings,
      description: 'All settings with their new values, and which of them have changed.',
    }),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(422, 'CANDIDATE_NOT_LOADABLE'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'RUNTIME_UNAVAILABLE'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

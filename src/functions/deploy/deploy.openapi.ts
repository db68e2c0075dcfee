import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOperation,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { functionNameRule } from '../function-name.js';
import { FunctionSettingsDto } from '../settings/function-settings.dto.js';
import { DeployAnswer } from './deploy-answer.js';

/** What the OpenAPI document says of `POST /deploy`. */
export function DocumentedDeploy(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deployFunction',
      summary: 'Deploy a function',
      description:
        "The file's name without `.zip` becomes the function's name: " +
        `${functionNameRule}. Code that does not load is deployed all the same, with \`warnings\` that say why.`,
    }),
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(FunctionSettingsDto),
    ApiBody({
      required: true,
      schema: {
        type: 'object',
        required: ['file'],
        additionalProperties: false,
        properties: {
          file: {
            type: 'string',
            format: 'binary',
            description: 'A zip archive with `index.js` at its root, which exports `handler`.',
          },
          settings: { $ref: getSchemaPath(FunctionSettingsDto) },
        },
      },
    }),
    ApiCreatedResponse({ type: DeployAnswer, description: 'Calls reach the function from now on.' }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'INVALID_ARCHIVE'),
    ApiProblem(400, 'INVALID_CONFIG'),
    ApiProblem(400, 'MISSING_FILE'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(409, 'FUNCTION_EXISTS'),
    ApiProblem(413, 'ARCHIVE_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

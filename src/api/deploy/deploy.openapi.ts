import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  schemaPath,
} from '../../common/openapi/documentation.js';
import { DocumentedName, functionNameRule } from '../../functions/function-name.js';
import { FunctionSettingsPatch } from '../../functions/settings/function-settings.dto.js';
import { DeployAnswer } from './deploy-answer.js';

/** What the OpenAPI document says of `POST /deploy`. */
export function DocumentedDeploy(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deployFunction',
      summary: 'Deploy a function',
      description:
        `The function is named after the file, without \`.zip\`: ${functionNameRule}. If the name is taken, the request is ` +
        'refused; use `PUT /deploy/{name}` to publish new code. If the code does not load, it is deployed anyway, with ' +
        '`warnings` that say why, and `GET /info` shows it as `failing`; with `strict` it is refused.',
    }),
    DocumentedForm(),
    ApiCreatedResponse({ type: DeployAnswer, description: 'The function can be called.' }),
    ApiProblem(409, 'FUNCTION_EXISTS'),
  );
}

/** What the OpenAPI document says of `PUT /deploy/:name`. */
export function DocumentedPublish(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'publishVersion',
      summary: 'Publish a new version of a function',
      description:
        "The archive becomes the next version; its file name does not matter. If the new version does not load, nothing changes. Running calls finish on the version they started with, and no call fails because of the switch. `settings` patches the function's settings, and the answer lists what has changed; without it they stay as they are. If there is no such function, it is deployed as with `POST /deploy`, including `strict`.",
    }),
    DocumentedName(),
    DocumentedForm(),
    ApiOkResponse({ type: DeployAnswer, description: 'New calls run the new version.' }),
    ApiCreatedResponse({ type: DeployAnswer, description: 'The function is new.' }),
  );
}

const strict = {
  type: 'boolean',
  default: false,
  description: 'Refuse code that does not load. A new version of an existing function must always load.',
};

/** The form that both take, and what may be wrong with it. */
function DocumentedForm(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(FunctionSettingsPatch),
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
            description:
              'A zip archive with an `index.js` that exports `handler`, at its root or in its only folder.',
          },
          settings: { $ref: schemaPath(FunctionSettingsPatch) },
          strict,
        },
      },
      encoding: { settings: { contentType: 'application/json' } },
    }),
    ApiQuery({ name: 'strict', required: false, schema: strict }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'INVALID_ARCHIVE'),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(400, 'MISSING_FILE'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(413, 'ARCHIVE_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(422, 'CANDIDATE_NOT_LOADABLE'),
    ApiProblem(503, 'RUNTIME_UNAVAILABLE'),
    ApiProblem(503, 'IMAGE_MISSING'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

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
        "The file's name without `.zip` becomes the function's name: " +
        `${functionNameRule}. A name that is taken is refused: \`PUT /deploy/{name}\` takes new code for it. Code that does ` +
        'not load is deployed all the same, with `warnings` that say why, and `GET /info` shows it as `failing`; with ' +
        '`strict` it is refused.',
    }),
    DocumentedForm(),
    ApiCreatedResponse({ type: DeployAnswer, description: 'Calls reach the function from now on.' }),
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
        'The archive becomes the next version; the name of its file does not matter. The new version has to load, or ' +
        'nothing is changed. Calls in flight finish on the version they began with, and no call fails because of the ' +
        'switch. `settings` patches those that the function has, and the answer says what has changed; without it they ' +
        'stay as they are. Where there is no such function, it is deployed as `POST /deploy` does it, `strict` included.',
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
  description:
    'Refuse code that does not load. A new version of a function that is there has to load in any case.',
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
              'A zip archive with `index.js` at its root, or in the one folder that it has, which exports `handler`.',
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

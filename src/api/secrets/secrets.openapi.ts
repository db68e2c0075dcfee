import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '../../common/openapi/documentation.js';
import { functionNameRule } from '../../functions/function-name.js';
import { maxVariableNameLength } from '../../functions/settings/setting-rules.js';
import { SecretList, SecretMetadata, SecretValueBody } from './secret-answer.js';

const DocumentedFunction = () =>
  applyDecorators(
    ApiParam({ name: 'name', description: `The function's name: ${functionNameRule}.`, example: 'myfunc' }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
  );

/** What both routes that change a secret have in common. */
const DocumentedChange = () =>
  applyDecorators(
    DocumentedFunction(),
    ApiParam({
      name: 'key',
      description:
        "The variable in the function's environment: letters, digits and `_`, not starting with a digit; not `GLAMBDAR_…`, and no variable that Node reads at its start, such as `NODE_OPTIONS`.",
      schema: { type: 'string', maxLength: maxVariableNameLength },
      example: 'API_TOKEN',
    }),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );

export function DocumentedSecretList(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listSecrets',
      summary: 'List the secrets of a function',
      description: 'Their keys and times. No route ever shows a value.',
    }),
    DocumentedFunction(),
    ApiOkResponse({ type: SecretList }),
  );
}

export function DocumentedSecretPut(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'putSecret',
      summary: 'Set a secret of a function',
      description:
        "New calls find the value in `process.env` before any of the function's code runs; running calls keep what they started with. The value is stored encrypted and never shown again. A secret wins over a variable of the same name in the function's settings.",
    }),
    DocumentedChange(),
    ApiBody({ type: SecretValueBody }),
    ApiOkResponse({ type: SecretMetadata, description: 'The secret is set.' }),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(503, 'SECRETS_UNAVAILABLE'),
  );
}

export function DocumentedSecretDelete(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deleteSecret',
      summary: 'Delete a secret of a function',
      description: 'New calls do not find it any more.',
    }),
    DocumentedChange(),
    ApiNoContentResponse({ description: 'The secret is deleted.' }),
    ApiProblem(404, 'SECRET_NOT_FOUND'),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiBody, ApiOkResponse, ApiOperation } from '../../common/openapi/documentation.js';
import { DocumentedName } from '../../functions/function-name.js';
import { DeployAnswer } from '../deploy/deploy-answer.js';
import { RollbackBody } from './rollback-body.js';
import { VersionList } from './version-answer.js';

/** What the OpenAPI document says of `GET /versions/:name`. */
export function DocumentedVersions(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listVersions',
      summary: 'List the versions of a function',
      description: 'The versions that are kept; you can roll back to each of them.',
    }),
    DocumentedName(),
    ApiOkResponse({ type: VersionList }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** What the OpenAPI document says of `POST /rollback/:name`. */
export function DocumentedRollback(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'rollBackFunction',
      summary: 'Roll back to another version of a function',
      description:
        'If the version does not load, nothing changes. Running calls finish on the version they started with. Settings and secrets stay as they are.',
    }),
    DocumentedName(),
    ApiBody({ type: RollbackBody, required: false }),
    ApiOkResponse({ type: DeployAnswer, description: 'New calls run the version in the answer.' }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'INVALID_SETTINGS'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(404, 'VERSION_NOT_FOUND'),
    ApiProblem(409, 'NOTHING_TO_ROLL_BACK'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(415, 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(422, 'CANDIDATE_NOT_LOADABLE'),
    ApiProblem(503, 'RUNTIME_UNAVAILABLE'),
    ApiProblem(503, 'IMAGE_MISSING'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'DRAINING'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(503, 'CODE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
  );
}

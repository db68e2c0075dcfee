import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiParam } from '../../common/openapi/documentation.js';
import { InvocationAnswer, InvocationList } from './invocation-answer.js';

/** What the OpenAPI document says of `GET /invocations`. */
export function DocumentedInvocations(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listInvocations',
      summary: 'The last calls',
      description: 'The newest first, within the number that is kept. A call is in it once it has ended.',
    }),
    ApiOkResponse({ type: InvocationList }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

/** What the OpenAPI document says of `GET /invocations/:id`. */
export function DocumentedInvocation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getInvocation',
      summary: 'One call: how it went, what it took, who failed',
      description: 'Within the number that is kept; it is there once the call has ended.',
    }),
    ApiParam({ name: 'id', description: 'The `X-Glambdar-Invocation-Id` of its answer.' }),
    ApiOkResponse({ type: InvocationAnswer }),
    ApiProblem(404, 'INVOCATION_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiParam } from '../../common/openapi/documentation.js';
import { InvocationAnswer, InvocationList } from './invocation-answer.js';

/** What the OpenAPI document says of `GET /invocations`. */
export function DocumentedInvocations(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listInvocations',
      summary: 'List the latest calls',
      description: 'Newest first, as far as they are still stored. A call appears once it has ended.',
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
      summary: 'Show one call: its outcome, what it used, who failed',
      description: 'Available once the call has ended, and as long as it is stored.',
    }),
    ApiParam({ name: 'id', description: "The `X-Glambdar-Invocation-Id` of the call's answer." }),
    ApiOkResponse({ type: InvocationAnswer }),
    ApiProblem(404, 'INVOCATION_NOT_FOUND'),
    ApiProblem(503, 'OVERLOADED'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  );
}

import { applyDecorators } from '@nestjs/common';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '../../common/openapi/documentation.js';
import { functionNamePattern } from '../../functions/function-name.js';
import { invocationOutcomes } from '../store/record-store.js';
import { InvocationAnswer, InvocationList } from './invocation-answer.js';

export const maxInvocations = 1000;
export const defaultInvocations = 50;

/** What the OpenAPI document says of `GET /invocations`. */
export function DocumentedInvocations(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listInvocations',
      summary: 'List the latest calls',
      description: 'Newest first, as far as they are still stored. A call appears once it has ended.',
    }),
    ApiQuery({
      name: 'function',
      required: false,
      schema: { type: 'string', pattern: functionNamePattern.source },
      description: 'Only calls of this function.',
    }),
    ApiQuery({
      name: 'outcome',
      required: false,
      schema: { type: 'string', enum: [...invocationOutcomes] },
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: maxInvocations, default: defaultInvocations },
    }),
    ApiOkResponse({ type: InvocationList }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
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

import { applyDecorators } from '@nestjs/common';
import type { Scope } from '../../common/auth/permissions.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
} from '../../common/openapi/documentation.js';

/** What a key needs for a call. */
export const callScope = 'functions:invoke' satisfies Scope;

const answerHeaders = {
  'X-Glambdar-Invocation-Id': {
    description: 'Identifies the call in logs and errors.',
    schema: { type: 'string' as const },
  },
  traceparent: {
    description:
      "The call's place in its trace (W3C Trace Context): the trace of the request's `traceparent`, or a new one.",
    schema: { type: 'string' as const },
  },
  'Server-Timing': {
    description: 'Milliseconds of each phase: `queue`, `container` (and how it came), `handler`.',
    schema: { type: 'string' as const },
  },
};

const wholeHttp =
  'Any method, body and content type reach the handler; its status, headers and body are the answer. A request body is passed on byte for byte, still compressed where it was. A client that leaves cancels the call and its container.\n\n' +
  'What the handler returns is the response if it is a web `Response`, has `statusCode`, or has no keys but `statusCode`, `headers`, `body`, `cookies` and `isBase64Encoded`; anything else is the body of a `200`. A body that is no text is sent as JSON. Text is sent as it is if the handler sets `content-type`, or if it already is the JSON of an object or array; other text is sent as JSON, in quotes. (With `responseFormat: lambda` text is always sent as it is.)';

const documentedCall = [
  ApiParam({ name: 'name', description: "The function's name.", example: 'hello' }),
  ApiHeader({
    name: 'traceparent',
    required: false,
    description:
      "The caller's place in a trace; the handler finds the call's own in its event. Without a valid one a trace begins.",
  }),
  ApiConsumes('application/json', 'text/plain', 'application/octet-stream'),
  ApiBody({ required: false, schema: {}, examples: { json: { value: { name: 'World' } } } }),
  ApiResponse({
    status: 200,
    description:
      "The handler's own answer; its status may be any from 200 to 599. Its body is JSON unless the handler says otherwise.",
    headers: answerHeaders,
    content: { 'application/json': { schema: {}, example: { message: 'Hello World!' } } },
  }),
  ApiProblem(400, 'INVALID_NAME'),
  ApiProblem(404, 'FUNCTION_NOT_FOUND'),
  ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
  ApiProblem(429, 'CONCURRENCY_LIMIT'),
  ApiProblem(502, 'FUNCTION_LOAD_ERROR'),
  ApiProblem(502, 'FUNCTION_ERROR'),
  ApiProblem(502, 'FUNCTION_EXITED'),
  ApiProblem(502, 'FUNCTION_OUT_OF_MEMORY'),
  ApiProblem(502, 'FUNCTION_INVALID_RESPONSE'),
  ApiProblem(502, 'FUNCTION_RESPONSE_TOO_LARGE'),
  ApiProblem(503, 'RUNTIME_UNAVAILABLE'),
  ApiProblem(503, 'IMAGE_MISSING'),
  ApiProblem(503, 'CODE_UNAVAILABLE'),
  ApiProblem(503, 'OVERLOADED'),
  ApiProblem(503, 'DRAINING'),
  ApiProblem(504, 'FUNCTION_TIMEOUT'),
  ApiProblem(504, 'FUNCTION_INIT_TIMEOUT'),
];

/** What the OpenAPI document says of `ANY /invoke/:name`. */
export function DocumentedInvoke(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'invoke', summary: 'Call a function', description: wholeHttp }),
    ...documentedCall,
  );
}

/** What the OpenAPI document says of `ANY /invoke/:name/*path`. */
export function DocumentedInvokePath(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'invokePath',
      summary: 'Call a function at a path of its own',
      description: `${wholeHttp} The path may have any number of segments; the handler gets it as it was sent.`,
    }),
    ApiParam({ name: 'path', description: "What the handler gets as the event's `rawPath`.", example: 'a' }),
    ...documentedCall,
  );
}

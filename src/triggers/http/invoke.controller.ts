import { All, applyDecorators, Controller } from '@nestjs/common';
import { RequiresScope } from '../../common/auth/route-access.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { callScope } from './call-access.js';

const responseHeaders = {
  'X-Glambdar-Invocation-Id': {
    description: 'Identifies the call in logs and errors.',
    schema: { type: 'string' as const },
  },
  traceparent: {
    description:
      "The call in its trace (W3C Trace Context): that of the request's `traceparent`, or a new one.",
    schema: { type: 'string' as const },
  },
  'Server-Timing': {
    description:
      'Milliseconds of each phase: `queue`, `container` (and where the container came from), `handler`.',
    schema: { type: 'string' as const },
  },
};

const wholeHttp =
  'The handler gets any method, body and content type, and its status, headers and body are the answer. A request body is passed on byte for byte, still compressed if it was. If the client disconnects, the call is cancelled and its container removed.\n\n' +
  'The returned value is a response if it is a web `Response`, has `statusCode`, or has only the keys `statusCode`, `headers`, `body`, `cookies` and `isBase64Encoded`; anything else is the body of a `200`. A body that is not text is sent as JSON. Text is sent unchanged if the handler sets `content-type`, or if it already is a JSON object or array; other text is sent as a JSON string, in quotes. (With `responseFormat: lambda`, text is always sent unchanged.)';

const documentedCall = [
  ApiParam({ name: 'name', description: "The function's name.", example: 'hello' }),
  ApiHeader({
    name: 'traceparent',
    required: false,
    description:
      "The trace to continue; the handler finds the call's own `traceparent` in its event. Without a valid one, a new trace starts.",
  }),
  ApiConsumes('application/json', 'text/plain', 'application/octet-stream'),
  ApiBody({ required: false, schema: {}, examples: { json: { value: { name: 'World' } } } }),
  ApiResponse({
    status: 200,
    description:
      "The handler's response; its status may be any from 200 to 599. The body is JSON unless the handler sets another content type.",
    headers: responseHeaders,
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
function DocumentedInvoke(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'invoke', summary: 'Call a function', description: wholeHttp }),
    ...documentedCall,
  );
}

/** What the OpenAPI document says of `ANY /invoke/:name/*path`. */
function DocumentedInvokePath(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'invokePath',
      summary: 'Call a function at a path below its own',
      description: `${wholeHttp} The path may have any number of segments, and the handler gets it exactly as it was sent.`,
    }),
    ApiParam({ name: 'path', description: "The handler gets it as the event's `rawPath`.", example: 'a' }),
    ...documentedCall,
  );
}

/** The routes below `/invoke` as the OpenAPI document shows them. No request reaches them: the gateway takes all. */
@ApiTags('calls')
@Controller()
export class InvokeController {
  @All('invoke/:name')
  @RequiresScope(callScope)
  @DocumentedInvoke()
  invoke(): never {
    throw passedBy();
  }

  /** A path of the function's own below its name. */
  @All('invoke/:name/*path')
  @RequiresScope(callScope)
  @DocumentedInvokePath()
  invokePath(): never {
    throw passedBy();
  }
}

function passedBy(): Error {
  return new Error('A request for a call has passed the gateway by.');
}

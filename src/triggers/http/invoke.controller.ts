import { All, applyDecorators, Controller } from '@nestjs/common';
import { RequiresScope } from '../../common/auth/route-access.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiResponse,
  ApiSecurity,
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

/** The answer to a request that was taken over as an event. */
class AcceptedEventResponse {
  @ApiProperty({ format: 'uuid', example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55' })
  readonly id!: string;

  @ApiProperty({ enum: ['queued'], example: 'queued' })
  readonly state!: 'queued';
}

const acceptedHeaders = {
  Location: {
    description: 'The path of the event.',
    schema: { type: 'string' as const },
    example: '/events/0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55',
  },
  'Preference-Applied': {
    description: 'Always `respond-async`.',
    schema: { type: 'string' as const },
    example: 'respond-async',
  },
  'Idempotent-Replayed': {
    description: '`true` if the request repeats one with the same `Idempotency-Key`; otherwise absent.',
    schema: { type: 'string' as const },
  },
};

const wholeHttp =
  'The handler gets any method, body and content type, and its status, headers and body are the answer. A request body is passed on byte for byte, still compressed if it was. If the client disconnects, the call is cancelled and its container removed. A function whose setting `access` is `public` is called without a key.\n\n' +
  'The returned value is a response if it is a web `Response`, has `statusCode`, or has only the keys `statusCode`, `headers`, `body`, `cookies` and `isBase64Encoded`; anything else is the body of a `200`. A body that is not text is sent as JSON. Text is sent unchanged if the handler sets `content-type`, or if it already is a JSON object or array; other text is sent as a JSON string, in quotes. (With `responseFormat: lambda`, text is always sent unchanged.)';

const documentedCall = [
  // Of a public function, which needs no key.
  ApiSecurity({}),
  ApiParam({ name: 'name', description: "The function's name.", example: 'hello' }),
  ApiHeader({
    name: 'traceparent',
    required: false,
    description:
      "The trace to continue; the handler finds the call's own `traceparent` in its event. Without a valid one, a new trace starts.",
  }),
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      'With `respond-async` the request becomes an event: the response comes as soon as it is on the disk, and the function runs later (docs/events.md).',
    schema: { type: 'string', example: 'respond-async' },
  }),
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'The same key with the same request within a day gets the first response again, and nothing runs twice. For events, and for calls of functions with the setting `idempotency`.',
    schema: { type: 'string', example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"' },
  }),
  ApiHeader({
    name: 'X-Ordering-Key',
    required: false,
    description: 'Events of one key of one function run one after another, in the order of their arrival.',
    schema: { type: 'string', maxLength: 255, example: 'customer-7' },
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
  ApiResponse({
    status: 202,
    description: 'With `Prefer: respond-async`: the event is on the disk and will run.',
    headers: acceptedHeaders,
    type: AcceptedEventResponse,
  }),
  ApiProblem(400, 'INVALID_NAME'),
  ApiProblem(400, 'MALFORMED_REQUEST'),
  ApiProblem(404, 'FUNCTION_NOT_FOUND'),
  ApiProblem(409, 'IDEMPOTENCY_CONFLICT'),
  ApiProblem(409, 'IDEMPOTENT_ANSWER_TOO_LARGE'),
  ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
  ApiProblem(422, 'IDEMPOTENCY_KEY_REUSED'),
  ApiProblem(429, 'CONCURRENCY_LIMIT'),
  ApiProblem(429, 'EVENT_QUEUE_FULL'),
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
  ApiProblem(503, 'STORAGE_UNAVAILABLE'),
  ApiProblem(504, 'FUNCTION_TIMEOUT'),
  ApiProblem(504, 'FUNCTION_INIT_TIMEOUT'),
  ApiProblem(507, 'INSUFFICIENT_STORAGE'),
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

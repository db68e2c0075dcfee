import { DomainError, type ErrorDetails } from '../../common/errors/domain-error.js';
import { type ErrorCode, errorCodes } from '../../common/errors/error-codes.js';
import { type ProblemBody, problemOf } from '../problem.js';

type Example = Omit<ErrorDetails, 'retryAfterMs'> & { readonly detail: string };

/** What each error says when it happens, for the OpenAPI document; a code without an example does not compile. */
const examples: Readonly<Record<ErrorCode, Example>> = {
  INVALID_NAME: {
    detail:
      '"my func", in the path, is not a function\'s name: it must be 1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit.',
    field: 'name',
  },
  INVALID_ARCHIVE: {
    detail: 'The archive was refused: an entry leads out of the archive.',
    field: 'file',
    reason: 'unsafe_path',
  },
  INVALID_SETTINGS: {
    detail: 'memoryMiB must be a whole number from 64 to 1048576.',
    field: 'memoryMiB',
    reason: 'memoryMiB must be a whole number from 64 to 1048576',
  },
  MISSING_FILE: {
    detail: 'Send the zip archive as a file, with its name, in the form field "file".',
    field: 'file',
  },
  MALFORMED_REQUEST: { detail: 'limit must be a whole number from 1 to 1000.', field: 'limit' },
  ARCHIVE_TOO_LARGE: { detail: 'The archive is larger than this server accepts.' },
  PAYLOAD_TOO_LARGE: { detail: 'The body must have at most 6291456 bytes; send less.', field: 'body' },
  UNSUPPORTED_MEDIA_TYPE: {
    detail: 'Send the content type multipart/form-data, with the zip archive in the form field "file".',
  },
  UNSUPPORTED_TRANSFER_CODING: {
    detail: 'Send the body without a transfer coding, or in chunks only.',
  },
  REQUEST_TIMEOUT: { detail: 'The request took too long to arrive; send all of it sooner.' },
  ROUTE_NOT_FOUND: { detail: 'There is no such route; /openapi.json lists them all.' },
  METHOD_NOT_ALLOWED: { detail: 'Use GET or HEAD here.' },
  NOT_ACCEPTABLE: { detail: 'The log can be sent as application/json or text/plain.' },
  FUNCTION_NOT_FOUND: { detail: 'There is no function of this name; deploy it first.' },
  FUNCTION_EXISTS: { detail: 'There is a function of this name already.', field: 'name' },
  VERSION_NOT_FOUND: { detail: 'The function has no version 7.', field: 'version' },
  NOTHING_TO_ROLL_BACK: { detail: 'The function has no version before the current one.' },
  REVISION_CHANGED: {
    detail:
      'Nothing was changed: somebody else has changed the function since; read the settings again and send the change with the new ETag.',
    field: 'If-Match',
  },
  CONCURRENCY_LIMIT: { detail: 'Too many calls of this function wait already; call again shortly.' },
  RATE_LIMITED: { detail: 'Too many requests; send them more slowly.' },
  CLIENT_CLOSED: { detail: 'The client disconnected.' },
  DEADLINE_EXCEEDED: { detail: 'The call did not end before the deadline that it came with.' },
  UNKNOWN_HOST: {
    detail:
      'The server does not know the host name of this request as its own; call it as localhost, or add the name to GLAMBDAR_ALLOWED_HOSTS.',
  },
  UNAUTHENTICATED: {
    detail: 'Send a key in the header "Authorization: Bearer <key>" or "X-Glambdar-Key: <key>".',
  },
  FORBIDDEN: { detail: 'This key may not do that; use one with the scope functions:deploy, or with admin.' },
  CSRF_TOKEN_INVALID: {
    detail:
      'A request that changes something with a session needs the csrfToken of GET /session in the header X-Glambdar-CSRF.',
  },
  KEY_NOT_FOUND: { detail: 'There is no such key, or it is already revoked.' },
  INVOCATION_NOT_FOUND: {
    detail:
      'There is no record of such an invocation: it names no function, is still running, or is too long ago.',
  },
  BUILD_NOT_FOUND: {
    detail:
      'There is no record of such a build: it was never begun, nothing needed it, or it is too long ago.',
  },
  BUILD_EXISTS: { detail: 'buildId is the id of another build; send a new one.', field: 'buildId' },
  EVENT_NOT_FOUND: {
    detail: 'There is no event 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55, or it is no longer kept.',
    field: 'id',
  },
  EVENT_NOT_WAITING: { detail: 'The event is running; it can be tried again once it is dead.', field: 'id' },
  EVENT_QUEUE_FULL: { detail: '10000 events of this function wait already; send this one again later.' },
  IDEMPOTENCY_CONFLICT: {
    detail: 'The first request with this Idempotency-Key has not been answered yet; send it again shortly.',
    field: 'Idempotency-Key',
  },
  IDEMPOTENCY_KEY_REUSED: {
    detail: 'This Idempotency-Key has come with another request before; use a new one.',
    field: 'Idempotency-Key',
  },
  IDEMPOTENT_ANSWER_TOO_LARGE: {
    detail:
      'The request with this Idempotency-Key is done, but its answer of 3145728 bytes was too large to keep, or had to make room for others; it is not done again.',
    field: 'Idempotency-Key',
  },
  SCHEDULE_NOT_FOUND: { detail: 'The function hello has no schedule named "nightly".', field: 'schedule' },
  HOST_TAKEN: {
    detail: 'The host name shop.example.com belongs to another function.',
    field: 'hosts',
  },
  SECRET_NOT_FOUND: { detail: 'The function has no secret of this key.' },
  HEADERS_TOO_LARGE: { detail: 'The headers of the request are too large; send fewer or shorter ones.' },
  EXPECTATION_FAILED: {
    detail: 'The server supports no expectation except 100-continue; leave out the header Expect.',
  },
  BUILD_FAILED: {
    detail:
      'Nothing was changed: the step install of the build failed. npm ended with exit code 1; the end of the log says why.',
    buildId: '3f2c1a9e-5b7d-4c11-9a44-0d6f6b1f5a10',
    log: ['npm error code E404', 'npm error 404 Not Found - GET https://registry.npmjs.org/lodahs'],
  },
  CANDIDATE_NOT_LOADABLE: {
    detail:
      "Nothing was changed: the new version does not load. The function's code did not load: Cannot find module 'lodash'",
    errorType: 'Error',
    errorMessage: "Cannot find module 'lodash'",
    output: 'reading the configuration',
  },
  FUNCTION_LOAD_ERROR: {
    detail: "The function's code did not load: Cannot find module 'lodash'",
    errorType: 'Error',
    errorMessage: "Cannot find module 'lodash'",
  },
  FUNCTION_ERROR: {
    detail: "The function threw TypeError: Cannot read properties of undefined (reading 'id')",
    errorType: 'TypeError',
    errorMessage: "Cannot read properties of undefined (reading 'id')",
  },
  FUNCTION_EXITED: {
    detail: 'The function ended its process before it answered; its log may say why.',
  },
  FUNCTION_OUT_OF_MEMORY: {
    detail: 'The function used more memory than it may; use less or give it more.',
  },
  FUNCTION_INVALID_RESPONSE: {
    detail: 'The function returned what is no response: statusCode must be an integer from 200 to 599.',
    reason: 'result',
  },
  FUNCTION_RESPONSE_TOO_LARGE: { detail: 'The function returned more than 6291456 bytes; return less.' },
  FUNCTION_INIT_TIMEOUT: {
    detail: "The function's top-level code did not finish within 10000 ms; do less before the first call.",
  },
  FUNCTION_TIMEOUT: { detail: 'The function did not answer within 30 s.' },
  RUNTIME_UNAVAILABLE: { detail: 'The container engine does not answer; try again shortly.' },
  IMAGE_MISSING: {
    detail: "The image of nodejs22.x is missing; ask the server's operator to build it.",
  },
  OVERLOADED: { detail: 'Too many functions are being deployed right now; try again shortly.' },
  DRAINING: { detail: 'The server is shutting down; try again shortly.' },
  STORAGE_UNAVAILABLE: { detail: 'The store cannot be written at this moment; try again shortly.' },
  CODE_UNAVAILABLE: {
    detail: 'The code of this function is missing or was changed on the server; publish it again.',
  },
  SECRETS_UNAVAILABLE: {
    detail: "The function's secrets cannot be read: the server has not the master key they were set under.",
  },
  INSUFFICIENT_STORAGE: { detail: 'The disk of the server is full; free space and try again.' },
  INTERNAL: { detail: 'The server failed unexpectedly; its log says more.' },
};

/** The body of an answer with this code, as clients get it. */
export function exampleProblem(code: ErrorCode, invocationId?: string): ProblemBody {
  const { detail, ...details } = examples[code];
  return problemOf(new DomainError(code, detail, details), invocationId).body;
}

const text = { type: 'string' } as const;

/** The schema of every error's answer, RFC 9457 with our members. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'error'],
  properties: {
    type: { ...text, description: 'A URN made of the code.' },
    title: { ...text, description: 'The same for every problem of this code.' },
    status: { type: 'integer' },
    detail: { ...text, description: 'What went wrong this time, and what to do.' },
    code: { ...text, enum: errorCodes, description: 'Stable: branch on this.' },
    error: { ...text, description: 'The same as `detail`.' },
    invocationId: { ...text, description: 'The call that failed.' },
    field: { ...text, description: 'The field of the request that broke a rule.' },
    reason: { ...text, description: 'The broken rule, e.g. `unsafe_path`.' },
    errorType: { ...text, description: 'Class name of what the function threw.' },
    errorMessage: { ...text, description: 'Message of what the function threw.' },
    buildId: { ...text, description: 'The build that failed; `GET /builds/{id}` has all of its log.' },
    log: { type: 'array', items: text, description: 'The last lines of the log of the build.' },
    output: {
      ...text,
      description:
        'The last lines that the function printed; only for keys with `logs:read`, and in the answer to a deployment that does not load.',
    },
  },
};

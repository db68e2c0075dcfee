import { type ErrorCode, errorCodes, faultOf } from '../common/errors/error-codes.js';

/** How one kind of error is answered. */
export interface CatalogueEntry {
  readonly status: number;
  /** The same for every occurrence (RFC 9457). */
  readonly title: string;
  /** For `docs/errors.md`: what its reader can do. */
  readonly remedy: string;
}

/** Every error code as HTTP; a code without an entry does not compile. */
export const problemCatalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  INVALID_NAME: {
    status: 400,
    title: 'Invalid function name',
    remedy: 'Use 1 to 64 letters, digits, `_` and `-`, starting with a letter or digit.',
  },
  INVALID_ARCHIVE: {
    status: 400,
    title: 'Invalid archive',
    remedy: '`reason` names the rule that the zip breaks. Remove what `detail` names and zip it again.',
  },
  INVALID_SETTINGS: {
    status: 400,
    title: 'Invalid settings',
    remedy: 'Change the field of the body that `field` names; `detail` says its rule.',
  },
  MISSING_FILE: {
    status: 400,
    title: 'Missing file',
    remedy: 'Send the zip once, as the multipart field `file`.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    title: 'Malformed request',
    remedy: 'Fix what `detail` says; `field` names the field, if it is one.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Unauthenticated',
    remedy:
      'Send `Authorization: Bearer <key>` or `X-Glambdar-Key: <key>`; docs/access.md shows how to create a key.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    remedy: 'Use a key that has the scope in `detail` and includes the function.',
  },
  CSRF_TOKEN_INVALID: {
    status: 403,
    title: 'CSRF token invalid',
    remedy:
      'Send the `csrfToken` that `GET /session` answers in the header `X-Glambdar-CSRF`; or send a key in a header instead of the session cookie.',
  },
  UNKNOWN_HOST: {
    status: 403,
    title: 'Unknown host',
    remedy:
      "Call the server as `localhost`, or ask the operator to add the host name, or the page's origin, to `GLAMBDAR_ALLOWED_HOSTS`.",
  },
  FUNCTION_NOT_FOUND: {
    status: 404,
    title: 'Function not found',
    remedy: 'Deploy the function first; `GET /info` lists what is deployed.',
  },
  KEY_NOT_FOUND: { status: 404, title: 'Key not found', remedy: '`GET /keys` lists all keys.' },
  SECRET_NOT_FOUND: {
    status: 404,
    title: 'Secret not found',
    remedy: '`GET /secrets/:name` lists all secrets of the function.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    title: 'Version not found',
    remedy: '`GET /versions/:name` lists the versions that are kept.',
  },
  INVOCATION_NOT_FOUND: {
    status: 404,
    title: 'Invocation not found',
    remedy: 'Ask again when the call has ended; `GET /invocations` lists the calls that are kept.',
  },
  BUILD_NOT_FOUND: {
    status: 404,
    title: 'Build not found',
    remedy: 'Check the id; `GET /builds` lists the builds that are kept.',
  },
  BUILD_EXISTS: {
    status: 409,
    title: 'Build exists',
    remedy: 'Deploy with a new `buildId`, or with none; `GET /builds/:id` has the build of this one.',
  },
  EVENT_NOT_FOUND: {
    status: 404,
    title: 'Event not found',
    remedy: 'Check the id; `GET /events` lists the events that are kept.',
  },
  EVENT_NOT_WAITING: {
    status: 409,
    title: 'Event cannot be tried again now',
    remedy:
      'Look at its state with `GET /events/:id`; wait until it has ended, or send the request again as a new event.',
  },
  EVENT_QUEUE_FULL: {
    status: 429,
    title: 'Too many events wait',
    remedy: 'Send the event again after `Retry-After`, or raise `maxQueuedEvents` of the function.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: 'First request with this key still runs',
    remedy: 'Send the same request again after `Retry-After`; you then get the answer of the first.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'Idempotency key belongs to another request',
    remedy: 'Use a new `Idempotency-Key` for each new request, and the same one only to repeat it.',
  },
  IDEMPOTENT_ANSWER_TOO_LARGE: {
    status: 409,
    title: 'Answer of the first request is not kept',
    remedy:
      'The request is done; ask the function in another way for what it made. A new `Idempotency-Key` does it again.',
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    title: 'Schedule not found',
    remedy: 'Check the names; `GET /schedules` lists all schedules.',
  },
  HOST_TAKEN: {
    status: 409,
    title: 'Host name belongs to another function',
    remedy: 'Take the name out of the `hosts` of that function first, or choose another.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Route not found',
    remedy: '`GET /openapi.json` lists every route.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    remedy: 'Use a method from the header `Allow`.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'Not acceptable',
    remedy: 'Send an `Accept` header with one of the types in `detail`.',
  },
  REQUEST_TIMEOUT: { status: 408, title: 'Request timeout', remedy: 'Send the whole request faster.' },
  FUNCTION_EXISTS: {
    status: 409,
    title: 'Function exists',
    remedy:
      'Publish new code with `PUT /deploy/:name`, which keeps settings, secrets and logs, or choose another name for a new function.',
  },
  NOTHING_TO_ROLL_BACK: {
    status: 409,
    title: 'Nothing to roll back',
    remedy: 'Name another version from `GET /versions/:name`.',
  },
  REVISION_CHANGED: {
    status: 412,
    title: 'Function has changed',
    remedy: 'Read the settings again, look at what has changed, and send the change with the new `ETag`.',
  },
  ARCHIVE_TOO_LARGE: {
    status: 413,
    title: 'Archive too large',
    remedy: 'Leave out of the zip what the function does not need.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'Payload too large',
    remedy: 'Send at most as many bytes as `detail` says.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    remedy: 'Send the content type that `detail` names, and the body uncompressed.',
  },
  UNSUPPORTED_TRANSFER_CODING: {
    status: 501,
    title: 'Unsupported transfer coding',
    remedy: 'Send the body without a transfer coding, or only `chunked`.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'Expectation failed',
    remedy: 'Leave out the header `Expect`, or send `Expect: 100-continue`.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Headers too large',
    remedy: 'Send fewer or shorter headers, including cookies, or a shorter URL.',
  },
  BUILD_FAILED: {
    status: 422,
    title: 'Build failed',
    remedy:
      'Fix what `detail` and the end of `log` say. Nothing has changed. The setting `build: none` deploys the archive as it is.',
  },
  CANDIDATE_NOT_LOADABLE: {
    status: 422,
    title: 'Code does not load',
    remedy: 'Fix what `detail` and `output` say. Nothing has changed; the previous version keeps serving.',
  },
  CONCURRENCY_LIMIT: {
    status: 429,
    title: 'Too many calls of this function',
    remedy: 'Call again after `Retry-After`, or make fewer calls at once.',
  },
  RATE_LIMITED: { status: 429, title: 'Too many requests', remedy: 'Try again after `Retry-After`.' },
  DEADLINE_EXCEEDED: {
    status: 408,
    title: 'Deadline exceeded',
    remedy: 'Give the call more time, or call when the server has less to do.',
  },
  CLIENT_CLOSED: {
    status: 499,
    title: 'Client closed the request',
    remedy: 'You see this only in logs and records: the client was gone before the answer.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal error',
    remedy: "This is a bug in the server. Report it with the server's log from that moment.",
  },
  FUNCTION_LOAD_ERROR: {
    status: 502,
    title: 'Function does not load',
    remedy: 'Fix the code: `index.js` at the root of the zip must export `handler`.',
  },
  FUNCTION_ERROR: {
    status: 502,
    title: 'Function threw',
    remedy: '`errorType` and `errorMessage` say what the handler threw.',
  },
  FUNCTION_EXITED: {
    status: 502,
    title: 'Function ended its process',
    remedy: "Return from the handler instead of exiting; the function's log has its last output.",
  },
  FUNCTION_OUT_OF_MEMORY: {
    status: 502,
    title: 'Function out of memory',
    remedy: 'Use less memory, or raise `memoryMiB`; files in `/tmp` count too.',
  },
  FUNCTION_INVALID_RESPONSE: {
    status: 502,
    title: 'Invalid response of the function',
    remedy: 'Return a value that JSON and HTTP can carry.',
  },
  FUNCTION_RESPONSE_TOO_LARGE: {
    status: 502,
    title: 'Response of the function too large',
    remedy: 'Return fewer bytes.',
  },
  RUNTIME_UNAVAILABLE: {
    status: 503,
    title: 'Runtime unavailable',
    remedy: 'Call again after `Retry-After`. If it persists, check that the container engine is running.',
  },
  IMAGE_MISSING: {
    status: 503,
    title: 'Worker image missing',
    remedy: 'Build the image: `node scripts/image.mjs <runtime>` does it while the server runs.',
  },
  OVERLOADED: { status: 503, title: 'Overloaded', remedy: 'Call again after `Retry-After`.' },
  DRAINING: {
    status: 503,
    title: 'Shutting down',
    remedy: 'Call again after `Retry-After`, or call another server.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    title: 'Storage unavailable',
    remedy: "Call again after `Retry-After`. If it persists, look for the database in the server's log.",
  },
  CODE_UNAVAILABLE: {
    status: 503,
    title: 'Code of the function unavailable',
    remedy:
      'Publish the code again with `PUT /deploy/:name`, or ask the operator to restore it from a backup.',
  },
  SECRETS_UNAVAILABLE: {
    status: 503,
    title: 'Secrets unavailable',
    remedy:
      "Put the master key of the function's secrets back (docs/security.md), or delete the secrets and set them again.",
  },
  FUNCTION_INIT_TIMEOUT: {
    status: 504,
    title: 'Function loads too slowly',
    remedy: 'Move slow work from top-level code into the handler.',
  },
  FUNCTION_TIMEOUT: {
    status: 504,
    title: 'Function timed out',
    remedy: 'Make the handler faster, or raise `timeoutSeconds`.',
  },
  INSUFFICIENT_STORAGE: {
    status: 507,
    title: 'Insufficient storage',
    remedy: "Free space on the server's disk.",
  },
};

/** Everything there is to say about each error code, for `docs/errors.md`. */
export function documentedErrors() {
  return errorCodes.map((code) => ({ code, fault: faultOf(code), ...problemCatalogue[code] }));
}

import type { ErrorCode } from '../common/errors/error-codes.js';

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
    remedy: 'Use 1 to 64 letters, digits, `_` and `-`, the first one a letter or digit.',
  },
  INVALID_ARCHIVE: {
    status: 400,
    title: 'Invalid archive',
    remedy: '`reason` names the rule that the zip breaks; make it again without what it names.',
  },
  INVALID_SETTINGS: {
    status: 400,
    title: 'Invalid settings',
    remedy: '`field` names the setting and `detail` its rule.',
  },
  MISSING_FILE: {
    status: 400,
    title: 'Missing file',
    remedy: 'Send the zip as the multipart field `file`, once.',
  },
  MALFORMED_REQUEST: { status: 400, title: 'Malformed request', remedy: 'Correct what `detail` says.' },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Unauthenticated',
    remedy:
      'Send `Authorization: Bearer <key>` or `X-Glambdar-Key: <key>`; docs/access.md says how to make one.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    remedy: 'Use a key with the scope that `detail` names, and one that includes the function.',
  },
  UNKNOWN_HOST: {
    status: 403,
    title: 'Unknown host',
    remedy:
      'Call the server as `localhost`, or have the host name, or the origin of the page, added to `GLAMBDAR_ALLOWED_HOSTS`.',
  },
  FUNCTION_NOT_FOUND: {
    status: 404,
    title: 'Function not found',
    remedy: 'Deploy it first; `GET /info` lists what there is.',
  },
  KEY_NOT_FOUND: { status: 404, title: 'Key not found', remedy: '`GET /keys` lists what there is.' },
  SECRET_NOT_FOUND: {
    status: 404,
    title: 'Secret not found',
    remedy: '`GET /secrets/:name` lists what there is.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    title: 'Version not found',
    remedy: '`GET /versions/:name` lists those that are kept.',
  },
  INVOCATION_NOT_FOUND: {
    status: 404,
    title: 'Invocation not found',
    remedy: 'Ask when the call has ended; `GET /invocations` lists those that are kept.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Route not found',
    remedy: '`GET /openapi.json` lists every route.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    remedy: 'Use a method that `Allow` names.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'Not acceptable',
    remedy: 'Name in `Accept` one of the types that `detail` lists.',
  },
  REQUEST_TIMEOUT: { status: 408, title: 'Request timeout', remedy: 'Send the whole request faster.' },
  FUNCTION_EXISTS: {
    status: 409,
    title: 'Function exists',
    remedy:
      'Send new code for it to `PUT /deploy/:name`, which keeps its settings, secrets and logs; for another function, use another name.',
  },
  NOTHING_TO_ROLL_BACK: {
    status: 409,
    title: 'Nothing to roll back',
    remedy: 'Name another version that `GET /versions/:name` lists.',
  },
  ARCHIVE_TOO_LARGE: {
    status: 413,
    title: 'Archive too large',
    remedy: 'Leave out of the zip what the function does not need.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Payload too large', remedy: 'Send fewer bytes.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    remedy: 'Send the content type that the route documents.',
  },
  UNSUPPORTED_TRANSFER_CODING: {
    status: 501,
    title: 'Unsupported transfer coding',
    remedy: 'Send the body without a transfer coding, or in chunks only.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'Expectation failed',
    remedy: 'Leave the header `Expect` out, or send `Expect: 100-continue`.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Headers too large',
    remedy: 'Send fewer or shorter headers, cookies among them, or a shorter URL.',
  },
  CANDIDATE_NOT_LOADABLE: {
    status: 422,
    title: 'Code does not load',
    remedy:
      'Correct what `detail` and `output` say; nothing was changed, and what was there before goes on serving.',
  },
  CONCURRENCY_LIMIT: {
    status: 429,
    title: 'Too many calls of this function',
    remedy: 'Call again after `Retry-After`, or call less at once.',
  },
  RATE_LIMITED: { status: 429, title: 'Too many requests', remedy: 'Call again after `Retry-After`.' },
  DEADLINE_EXCEEDED: {
    status: 408,
    title: 'Deadline exceeded',
    remedy: 'Give the call more time, or call when the server has less to do.',
  },
  CLIENT_CLOSED: {
    status: 499,
    title: 'Client closed the request',
    remedy: 'Nobody reads this answer; it stands in logs and records.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal error',
    remedy: "A defect of the server: report it with the server's log of that moment.",
  },
  FUNCTION_LOAD_ERROR: {
    status: 502,
    title: 'Function does not load',
    remedy: 'Correct the code: `index.js` at the root of the zip has to export `handler`.',
  },
  FUNCTION_ERROR: {
    status: 502,
    title: 'Function threw',
    remedy: '`errorType` and `errorMessage` are what the handler threw.',
  },
  FUNCTION_EXITED: {
    status: 502,
    title: 'Function ended its process',
    remedy: 'Return from the handler instead of ending the process; its log has what it printed last.',
  },
  FUNCTION_OUT_OF_MEMORY: {
    status: 502,
    title: 'Function out of memory',
    remedy: 'Use less memory: everything in `/tmp` counts too.',
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
    remedy: 'Call again after `Retry-After`; if it stays, see that the container engine runs.',
  },
  IMAGE_MISSING: {
    status: 503,
    title: 'Worker image missing',
    remedy: 'Build the worker image; `npm start` does.',
  },
  OVERLOADED: { status: 503, title: 'Overloaded', remedy: 'Call again after `Retry-After`.' },
  DRAINING: {
    status: 503,
    title: 'Shutting down',
    remedy: 'Call again after `Retry-After`, or another server.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    title: 'Storage unavailable',
    remedy: 'Call again after `Retry-After`; if it stays, see the log for the database.',
  },
  CODE_UNAVAILABLE: {
    status: 503,
    title: 'Code of the function unavailable',
    remedy: 'Publish the code again with `PUT /deploy/:name`, or have it restored from a backup.',
  },
  SECRETS_UNAVAILABLE: {
    status: 503,
    title: 'Secrets unavailable',
    remedy:
      "Put the master key of the function's secrets back (docs/security.md), or delete them and set them again.",
  },
  FUNCTION_INIT_TIMEOUT: {
    status: 504,
    title: 'Function loads too slowly',
    remedy: 'Move slow work from the top level of the code into the handler.',
  },
  FUNCTION_TIMEOUT: { status: 504, title: 'Function timed out', remedy: 'Make the handler faster.' },
  INSUFFICIENT_STORAGE: {
    status: 507,
    title: 'Insufficient storage',
    remedy: "Free space on the server's disk.",
  },
};

/**
 * Every way a request can go wrong, and whose fault it is. The list is closed: clients branch on these codes, so a
 * code is never renamed and never changes sides. No HTTP here; `src/http/problem-catalogue.ts` maps codes to status.
 */
export type Fault = 'caller' | 'function' | 'platform';

const faultByCode = {
  INVALID_NAME: 'caller',
  INVALID_ARCHIVE: 'caller',
  INVALID_SETTINGS: 'caller',
  MISSING_FILE: 'caller',
  MALFORMED_REQUEST: 'caller',
  ARCHIVE_TOO_LARGE: 'caller',
  PAYLOAD_TOO_LARGE: 'caller',
  UNSUPPORTED_MEDIA_TYPE: 'caller',
  REQUEST_TIMEOUT: 'caller',
  ROUTE_NOT_FOUND: 'caller',
  METHOD_NOT_ALLOWED: 'caller',
  NOT_ACCEPTABLE: 'caller',
  FUNCTION_NOT_FOUND: 'caller',
  FUNCTION_EXISTS: 'caller',
  VERSION_NOT_FOUND: 'caller',
  NOTHING_TO_ROLL_BACK: 'caller',
  REVISION_CHANGED: 'caller',
  CONCURRENCY_LIMIT: 'caller',
  RATE_LIMITED: 'caller',
  CLIENT_CLOSED: 'caller',
  DEADLINE_EXCEEDED: 'caller',
  UNKNOWN_HOST: 'caller',
  UNAUTHENTICATED: 'caller',
  FORBIDDEN: 'caller',
  CSRF_TOKEN_INVALID: 'caller',
  KEY_NOT_FOUND: 'caller',
  INVOCATION_NOT_FOUND: 'caller',
  BUILD_NOT_FOUND: 'caller',
  BUILD_EXISTS: 'caller',
  EVENT_NOT_FOUND: 'caller',
  EVENT_NOT_WAITING: 'caller',
  EVENT_QUEUE_FULL: 'caller',
  IDEMPOTENCY_CONFLICT: 'caller',
  IDEMPOTENCY_KEY_REUSED: 'caller',
  IDEMPOTENT_ANSWER_TOO_LARGE: 'caller',
  SCHEDULE_NOT_FOUND: 'caller',
  HOST_TAKEN: 'caller',
  SECRET_NOT_FOUND: 'caller',
  HEADERS_TOO_LARGE: 'caller',
  EXPECTATION_FAILED: 'caller',
  UNSUPPORTED_TRANSFER_CODING: 'caller',

  BUILD_FAILED: 'function',
  CANDIDATE_NOT_LOADABLE: 'function',
  FUNCTION_LOAD_ERROR: 'function',
  FUNCTION_ERROR: 'function',
  FUNCTION_EXITED: 'function',
  FUNCTION_OUT_OF_MEMORY: 'function',
  FUNCTION_INVALID_RESPONSE: 'function',
  FUNCTION_RESPONSE_TOO_LARGE: 'function',
  FUNCTION_INIT_TIMEOUT: 'function',
  FUNCTION_TIMEOUT: 'function',

  RUNTIME_UNAVAILABLE: 'platform',
  IMAGE_MISSING: 'platform',
  OVERLOADED: 'platform',
  DRAINING: 'platform',
  STORAGE_UNAVAILABLE: 'platform',
  CODE_UNAVAILABLE: 'platform',
  SECRETS_UNAVAILABLE: 'platform',
  INSUFFICIENT_STORAGE: 'platform',
  INTERNAL: 'platform',
} as const satisfies Record<string, Fault>;

export type ErrorCode = keyof typeof faultByCode;

export const errorCodes = Object.keys(faultByCode) as ErrorCode[];

export function faultOf(code: ErrorCode): Fault {
  return faultByCode[code];
}

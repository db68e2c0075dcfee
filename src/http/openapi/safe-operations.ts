import type { OpenAPIObject } from '@nestjs/swagger';
import { safeMethods } from '../../common/auth/safe-methods.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { mapValues } from './map-values.js';

type Paths = OpenAPIObject['paths'];
type PathItem = Record<string, unknown>;

const csrfCode: ErrorCode = 'CSRF_TOKEN_INVALID';

/** A route does not know its method while it says who may call it; only a change asks a session for its token. */
export function withoutTokenWhereSafe(paths: Paths): Paths {
  return mapValues(paths, (item) =>
    mapValues(item as PathItem, (operation, method) =>
      safeMethods.has(method.toUpperCase()) ? withoutCode(operation) : operation,
    ),
  );
}

/** The codes of a problem stand in lists of what `code` may be (`problemOneOf`). */
function withoutCode(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((entry) => entry !== csrfCode).map(withoutCode);
  if (typeof value !== 'object' || value === null) return value;
  return mapValues(value as PathItem, withoutCode);
}

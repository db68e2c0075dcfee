import type { ErrorCode } from '../errors/error-codes.js';
import { ApiResponse } from './documentation.js';

const codesKey = Symbol('documented problem codes');

/** Codes that a route documents, by status. */
type DocumentedCodes = Partial<Record<number, readonly ErrorCode[]>>;

/** Documents one error of a route as `application/problem+json`; several codes may share a status. */
export function ApiProblem(status: number, code: ErrorCode): MethodDecorator {
  return (target, key, descriptor) => {
    const route = descriptor.value as object;
    const documented = (Reflect.getMetadata(codesKey, route) ?? {}) as DocumentedCodes;
    const earlier = documented[status] ?? [];
    const codes = [...earlier, code];
    Reflect.defineMetadata(codesKey, { ...documented, [status]: codes }, route);
    return ApiResponse({
      status,
      // Swagger joins the descriptions of one status; the codes are in the schema.
      description:
        earlier.length === 0 ? 'A problem with a `code`; docs/errors.md says what to do about each.' : '',
      content: { 'application/problem+json': { schema: problemOneOf(codes) } },
    })(target, key, descriptor);
  };
}

/** A problem with any of these codes. */
export function problemOneOf(codes: readonly ErrorCode[]) {
  return {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', required: ['code'], properties: { code: { type: 'string', enum: [...codes] } } },
    ],
  };
}

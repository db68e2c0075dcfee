import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiProblem } from '../openapi/api-problem.js';
import { ApiSecurity } from '../openapi/documentation.js';
import type { Scope } from './caller.js';

const routeAccessKey = 'glambdar:access';

/** Names of the ways to authenticate in the OpenAPI document, one for each place of a request that may hold a credential. */
export const bearerSecurity = 'bearer';
export const keySecurity = 'key';
export const sessionSecurity = 'session';

/**
 * How a route restricts a limited key to its functions. `path`: the guard checks the `:name` in the route's path, and
 * denies limited keys if there is none. `handler`: the handler itself respects `callerOf(request).reach`.
 */
export type KeptBy = 'path' | 'handler';

/** Who may call a route: everybody, or who holds a scope. */
export type RouteAccess =
  { readonly kind: 'public' } | { readonly kind: 'scope'; readonly scope: Scope; readonly keptBy: KeptBy };

/** The route answers everybody, even when keys are required; it must reveal nothing that needs protection. */
export function Public(): MethodDecorator {
  return applyDecorators(
    SetMetadata(routeAccessKey, { kind: 'public' } satisfies RouteAccess),
    ApiProblem(403, 'UNKNOWN_HOST'),
  );
}

/** The route answers who holds `scope`, and the OpenAPI document says so. */
export function RequiresScope(scope: Scope, { keptBy = 'path' }: { keptBy?: KeptBy } = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(routeAccessKey, { kind: 'scope', scope, keptBy } satisfies RouteAccess),
    ApiSecurity(bearerSecurity, [scope]),
    ApiSecurity(keySecurity, [scope]),
    ApiSecurity(sessionSecurity, [scope]),
    ApiProblem(401, 'UNAUTHENTICATED'),
    ApiProblem(403, 'FORBIDDEN'),
    ApiProblem(403, 'CSRF_TOKEN_INVALID'),
    ApiProblem(403, 'UNKNOWN_HOST'),
    ApiProblem(429, 'RATE_LIMITED'),
  );
}

/** Undefined for a route that says nothing; such a route must not answer anybody. */
export function routeAccessOf(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(routeAccessKey, handler) as RouteAccess | undefined;
}

/** Routes are found whatever the case of their letters. */
const callPath = /^\/invoke\//i;

/** Whether a request asks for a call, or for what looks like one: its answer is the function's. */
export function isCallPath(url: string): boolean {
  return callPath.test(url);
}

import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ApiProblem } from '../openapi/api-problem.js';
import type { Scope } from './scope.js';

const routeAccessKey = 'glambdar:access';

/** Name of the way to authenticate in the OpenAPI document. */
export const keySecurity = 'key';

/** Who may call a route: everybody, or who holds a scope. */
export type RouteAccess = { readonly kind: 'public' } | { readonly kind: 'scope'; readonly scope: Scope };

/** The route answers everybody, also when keys are in force; it must tell nothing that is worth a key. */
export const Public = (): MethodDecorator =>
  SetMetadata(routeAccessKey, { kind: 'public' } satisfies RouteAccess);

/** The route answers who holds `scope`, and the OpenAPI document says so. */
export function RequiresScope(scope: Scope): MethodDecorator {
  return applyDecorators(
    SetMetadata(routeAccessKey, { kind: 'scope', scope } satisfies RouteAccess),
    ApiSecurity(keySecurity, [scope]),
    ApiProblem(401, 'UNAUTHENTICATED'),
    ApiProblem(403, 'FORBIDDEN'),
    ApiProblem(403, 'UNKNOWN_HOST'),
    ApiProblem(429, 'RATE_LIMITED'),
  );
}

/** Undefined for a route that says nothing; such a route must not answer anybody. */
export function routeAccessOf(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(routeAccessKey, handler) as RouteAccess | undefined;
}

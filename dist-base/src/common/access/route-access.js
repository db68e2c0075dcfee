import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ApiProblem } from '../openapi/api-problem.js';
const routeAccessKey = 'glambdar:access';
/** Name of the way to authenticate in the OpenAPI document. */ export const keySecurity = 'key';
/** The route answers everybody, also when keys are in force; it must tell nothing that is worth a key. */ export const Public = ()=>SetMetadata(routeAccessKey, {
        kind: 'public'
    });
/** The route answers who holds `scope`, and the OpenAPI document says so. */ export function RequiresScope(scope) {
    return applyDecorators(SetMetadata(routeAccessKey, {
        kind: 'scope',
        scope
    }), ApiSecurity(keySecurity, [
        scope
    ]), ApiProblem(401, 'UNAUTHENTICATED'), ApiProblem(403, 'FORBIDDEN'), ApiProblem(403, 'UNKNOWN_HOST'), ApiProblem(429, 'RATE_LIMITED'));
}
/** Undefined for a route that says nothing; such a route must not answer anybody. */ export function routeAccessOf(handler) {
    return Reflect.getMetadata(routeAccessKey, handler);
}

//# sourceMappingURL=route-access.js.map
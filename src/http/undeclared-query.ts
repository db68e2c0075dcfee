import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { routeAccessOf } from '../common/auth/route-access.js';
import { declaresQuery, requireNoQuery } from '../common/input/query-fields.js';

/**
 * Refuses fields in the query of a route that has none, by name: a misspelled or misplaced field must not be ignored.
 * Routes for everybody, such as pages and probes, take any query. After the guards: a stranger learns nothing.
 */
@Injectable()
export class UndeclaredQuery implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const handler = context.getHandler();
    if (routeAccessOf(handler)?.kind === 'scope' && !declaresQuery(handler))
      requireNoQuery(context.switchToHttp().getRequest<Request>().query);
    return next.handle();
  }
}

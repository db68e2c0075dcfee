import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { routeAccessOf } from '../../common/access/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { AccessControl } from './access-control.js';

/** Stands before every route of every controller. A route that does not say who may call it answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly control: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const access = routeAccessOf(context.getHandler());
    switch (access?.kind) {
      case 'public':
        this.control.admitAnybody(request);
        return true;
      case 'scope': {
        const admitting = this.control.admit(request, http.getResponse<Response>(), access.scope);
        return admitting ? admitting.then(() => true) : true;
      }
      case undefined:
        throw new DomainError('FORBIDDEN', 'This route is not open to anybody.');
      default:
        return access satisfies never;
    }
  }
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { routeAccessOf } from '../../common/auth/route-access.js';
import { AccessControl } from './access-control.js';

/** Stands before every route of every controller. A route that does not say who may call it answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly control: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const access = routeAccessOf(context.getHandler());
    const request = http.getRequest<Request>();
    const { name } = request.params;
    const functionName = typeof name === 'string' ? name : undefined;
    const entering = this.control.enter({ access, functionName }, request, http.getResponse<Response>());
    return entering ? entering.then(() => true) : true;
  }
}

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isCallPath } from '../../common/access/call-path.js';
import { accessSettings, type AccessSettings } from '../access.settings.js';
import { AccessControl } from './access-control.js';
import { hostProblemOf } from './host-problem.js';

/**
 * What guards cannot reach: requests for no route at all, and for the pages that no controller serves.
 * Call it before any route is added, because Express goes through its layers in the order of their making.
 */
export function protect(application: NestExpressApplication): void {
  const settings = application.get<AccessSettings>(accessSettings.config.KEY);
  const control = application.get(AccessControl);
  application.use(hostCheck(settings.allowedHosts, control));
}

function hostCheck(allowedHosts: string, control: AccessControl) {
  const hostProblem = hostProblemOf(allowedHosts, control);
  return (request: Request, response: Response, next: NextFunction): void => {
    next(hostProblem(request, response, isCallPath(request.url)));
  };
}

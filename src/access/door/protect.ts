import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../../common/access/loopback.js';
import { accessSettings, type AccessSettings } from '../access.settings.js';
import { AccessControl } from './access-control.js';
import { hostRefusal, knownHosts } from './known-host.js';

/**
 * What guards cannot reach: requests for no route at all, and the pages below `pagePaths`, which no controller serves.
 * Call it before any route is added, because Express goes through its layers in the order of their making.
 */
export function protect(application: NestExpressApplication, pagePaths: readonly string[]): void {
  const settings = application.get<AccessSettings>(accessSettings.config.KEY);
  const control = application.get(AccessControl);
  application.use(hostCheck(settings.allowedHosts, control));
  application.use([...pagePaths], keyCheck(control));
}

/**
 * Browsers reach the loopback address of their own machine, and without keys nothing else stands before the routes.
 * On other addresses hosts are checked where they are known: when some are allowed.
 */
function hostCheck(allowedHosts: string, control: AccessControl) {
  const known = knownHosts(allowedHosts);
  return (request: Request, response: Response, next: NextFunction): void => {
    const isChecked = allowedHosts !== '' || isLoopback(request.socket.localAddress ?? '');
    const refusal = isChecked ? hostRefusal(request.headers, known) : undefined;
    if (refusal === undefined) next();
    else next(control.refuseHost(request, response, refusal));
  };
}

function keyCheck(control: AccessControl) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    try {
      await control.admit(request, response, 'functions:read');
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}

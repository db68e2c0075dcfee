import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { isCallPath } from '../common/auth/route-access.js';
import { identify } from '../common/auth/request-id.js';

/** The server speaks plain HTTP, so headers that would send browsers to HTTPS would only break its pages. */
const secureHeaders = helmet({
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
});

/** What every answer carries. A call's answer belongs to the function, and its path is kept short. */
export function answerHeaders(request: Request, response: Response, next: NextFunction): void {
  if (isCallPath(request.url)) {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
    return;
  }
  identify(request, response);
  secureHeaders(request, response, next);
}

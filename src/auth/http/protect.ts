import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isCallPath } from '../../common/auth/call-path.js';
import { EntryChecks } from './entry-checks.js';

/**
 * What guards cannot reach: requests for no route at all, and for the pages that no controller serves.
 * Call it before any route is added, because Express goes through its layers in the order of their making.
 */
export function protect(application: NestExpressApplication): void {
  const checks = application.get(EntryChecks);
  application.use((request: Request, response: Response, next: NextFunction) => {
    next(checks.problemOf(request, response, isCallPath(request.url)));
  });
}

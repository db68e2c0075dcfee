import type { NextFunction, Request, Response } from 'express';
import { callerOf } from '../access/caller.js';
import type { UnsentBytes } from './unsent-bytes.js';

/** Has the answers of every route that Express serves counted as they end. Node has no event for that moment. */
export function countUnsent(unsent: UnsentBytes) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = response.end.bind(response) as (...given: unknown[]) => unknown;
    response.end = (...given: unknown[]) => {
      end(...given);
      unsent.hold(response, callerOf(request).keyId);
      return response;
    };
    next();
  };
}

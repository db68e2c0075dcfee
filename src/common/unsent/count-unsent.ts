import type { NextFunction, Request, Response } from 'express';
import { callerOf } from '../auth/caller.js';
import type { UnsentBytes } from './unsent-bytes.js';

/** All who have shown no key where one is needed, together: public pages must not fill what others' answers wait in. */
const strangers = 'strangers';

/** Has the answers of every route that Express serves counted as they end. Node has no event for that moment. */
export function countUnsent(unsent: UnsentBytes) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = response.end.bind(response) as (...given: unknown[]) => unknown;
    response.end = (...given: unknown[]) => {
      end(...given);
      const { keyId, scopes } = callerOf(request);
      unsent.hold(response, keyId ?? (scopes.length === 0 ? strangers : undefined));
      return response;
    };
    next();
  };
}

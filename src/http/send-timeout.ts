import type { NextFunction, Request, Response } from 'express';
import type { ServerResponse } from 'node:http';

/**
 * Ends connections whose client reads nothing of its answer for so long: the answer would stay in memory for ever. A
 * connection on which nothing waits to be sent is one whose function still works.
 */
export function limitSending(response: ServerResponse, timeoutMs: number): void {
  response.setTimeout(timeoutMs, () => {
    if (response.socket !== null && response.socket.writableLength > 0) response.socket.destroy();
  });
}

export function sendTimeout(timeoutMs: number) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    limitSending(response, timeoutMs);
    next();
  };
}

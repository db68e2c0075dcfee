import { EventEmitter } from 'node:events';
import type { FunctionContext } from './context.js';
import { whenEmpty, type Connection } from './event-loop.js';
import type { Handler } from './loading/load-handler.js';
import { piecesIn } from './pieces.js';
import { isThenable } from './thenable.js';
import { declaresThirdArgument, mayReachThirdArgument } from './third-argument.js';

/**
 * Calls the handler, and gives what it gives to its callback, its promise's value, or the value it returns; whichever
 * comes first. A value counts at once unless the handler may yet call back: then it counts when the function has nothing
 * under way any more, as on AWS.
 */
export function callHandler(
  handler: Handler,
  event: unknown,
  context: FunctionContext,
  connection: Connection,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  try {
    const returned = handler(event, context, (error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    });
    if (isThenable(returned)) {
      // Not resolved to the promise itself: that would end the race with the callback before either has come.
      Promise.resolve(returned).then(resolve, reject);
    } else if (!mayCallBack(handler, returned)) {
      resolve(returned);
    } else {
      const stopWaiting = whenEmpty(connection, () => {
        resolve(returned);
      });
      promise.then(stopWaiting, stopWaiting);
    }
  } catch (error) {
    reject(error);
  }
  return promise;
}

/** A handler that only might know its callback, and returns a value, has answered; one that declares it has not. */
function mayCallBack(handler: Handler, returned: unknown): boolean {
  return declaresThirdArgument(handler) || (isNoAnswer(returned) && mayReachThirdArgument(handler));
}

/** Nothing, or what an arrow function happens to return of the work that it has begun: a timer, a request, a child. */
function isNoAnswer(returned: unknown): boolean {
  if (returned === undefined) return true;
  if (typeof returned !== 'object' || returned === null || piecesIn(returned) !== undefined) return false;
  return returned instanceof EventEmitter || 'hasRef' in returned;
}

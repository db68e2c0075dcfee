import { EventEmitter } from 'node:events';
import { isThenable, chunksIn } from './chunks.js';
import type { FunctionContext } from './context.js';
import type { Handler } from './loading/load-handler.js';
import { sourceOf } from './primordials.js';

/** The connection to the host, which alone keeps the process running when nothing of the function does. */
export interface Connection {
  ref(): unknown;
  unref(): unknown;
}

/**
 * Calls the handler, and resolves with what it gives to its callback, its promise's value, or the value it returns,
 * whichever comes first. A value counts at once unless the handler may still call back: then it counts when nothing of the
 * function runs any more, as on AWS.
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
      // Not resolved with the promise itself: that would end the race with the callback before either has come.
      Promise.resolve(returned).then(resolve, reject);
    } else if (!mayCallBack(handler, returned)) {
      resolve(returned);
    } else {
      const stopWaiting = whenNothingRuns(connection, () => {
        resolve(returned);
      });
      promise.then(stopWaiting, stopWaiting);
    }
  } catch (error) {
    reject(error);
  }
  return promise;
}

/** A handler that returns a value and only might use its callback has answered; one that declares it has not. */
function mayCallBack(handler: Handler, returned: unknown): boolean {
  return declaresThirdArgument(handler) || (isNoAnswer(returned) && mayReachThirdArgument(handler));
}

/** Nothing, or what an arrow function happens to return of the work that it starts: a timer, a request, a child. */
function isNoAnswer(returned: unknown): boolean {
  if (returned === undefined) return true;
  if (typeof returned !== 'object' || returned === null || chunksIn(returned) !== undefined) return false;
  return returned instanceof EventEmitter || 'hasRef' in returned;
}

/**
 * Calls `onEmpty` when nothing of the function runs any more, no timer, request or listener: what has not happened by then
 * never will. Returns what stops the waiting.
 */
function whenNothingRuns(connection: Connection, onEmpty: () => void): () => void {
  const end = () => {
    process.off('beforeExit', onBeforeExit);
    connection.ref();
  };
  const onBeforeExit = () => {
    end();
    onEmpty();
  };
  process.on('beforeExit', onBeforeExit);
  connection.unref();
  return end;
}

const thirdPosition = 3;

/** Whether a function declares a third parameter. */
function declaresThirdArgument({ length }: { readonly length: number }): boolean {
  return length >= thirdPosition;
}

/**
 * Whether a function that declares fewer parameters can still use its third argument: through `arguments`, rest
 * parameters, or parameters that do not count because they have defaults. If its text cannot be read, as for a bound
 * function, it is assumed. A yes may be wrong, a no is certain.
 */
export function mayReachThirdArgument(written: (...args: never[]) => unknown): boolean {
  const source = sourceOf(written);
  return source.endsWith('{ [native code] }') || source.includes('arguments') || hasOpenParameters(source);
}

/** Comments and strings come first, so that what looks like code in them is skipped. */
const tokens = /\/\*.*?\*\/|\/\/[^\n]*|(['"`])(?:\\.|(?!\1).)*\1|\.\.\.|=>|[()[\]{}=]/gs;

/** Whether the parameter list itself has a rest or a default, not what one of them destructures. */
function hasOpenParameters(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(tokens)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    else if (depth === 1 && (token === '...' || token === '=')) return true;
    // The list is over, or a single parameter has none around it.
    if (depth === 0 && (token === ')' || token === '=>')) return false;
  }
  return false;
}

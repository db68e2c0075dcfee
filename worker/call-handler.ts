import { EventEmitter } from 'node:events';
import { isThenable, chunksIn } from './chunks.js';
import type { FunctionContext } from './context.js';
import type { Handler } from './loading/load-handler.js';
import { sourceOf } from './primordials.js';

/** What alone keeps the process running while nothing of the function does: the connection to the host. */
export interface Connection {
  ref(): unknown;
  unref(): unknown;
}

/**
 * Calls `onEmpty` when the function has nothing under way any more, no timer, request or listener: whatever has not
 * happened by then never will. Gives what ends the waiting before.
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
 * Whether a function that declares fewer parameters can reach its third argument all the same: by `arguments`, by rest
 * parameters, or by parameters that do not count because they have defaults. Of one whose text cannot be read, such as
 * a bound one, it is assumed. A yes may be wrong, a no is certain.
 */
export function mayReachThirdArgument(written: (...args: never[]) => unknown): boolean {
  const source = sourceOf(written);
  return source.endsWith('{ [native code] }') || source.includes('arguments') || hasOpenParameters(source);
}

/** Comments and texts come first, so that what looks like code in them is passed over. */
const tokens = /\/\*.*?\*\/|\/\/[^\n]*|(['"`])(?:\\.|(?!\1).)*\1|\.\.\.|=>|[()[\]{}=]/gs;

/** Whether there is a rest or a default in the list of parameters itself, not in what one of them takes apart. */
function hasOpenParameters(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(tokens)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    else if (depth === 1 && (token === '...' || token === '=')) return true;
    // The list is over, or there is none around a single parameter.
    if (depth === 0 && (token === ')' || token === '=>')) return false;
  }
  return false;
}

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

/** A handler that only might know its callback, and returns a value, has answered; one that declares it has not. */
function mayCallBack(handler: Handler, returned: unknown): boolean {
  return declaresThirdArgument(handler) || (isNoAnswer(returned) && mayReachThirdArgument(handler));
}

/** Nothing, or what an arrow function happens to return of the work that it has begun: a timer, a request, a child. */
function isNoAnswer(returned: unknown): boolean {
  if (returned === undefined) return true;
  if (typeof returned !== 'object' || returned === null || chunksIn(returned) !== undefined) return false;
  return returned instanceof EventEmitter || 'hasRef' in returned;
}

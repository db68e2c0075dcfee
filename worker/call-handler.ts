import type { FunctionContext } from './context.js';
import type { FunctionEvent } from './event.js';
import type { Handler } from './loading/load-handler.js';

const parametersWithCallback = 3;

/**
 * Calls the handler: its value, its promise's value or, for the old style with three parameters, what it gives to its
 * callback; whichever comes first.
 */
export async function callHandler(
  handler: Handler,
  event: FunctionEvent,
  context: FunctionContext,
): Promise<unknown> {
  if (handler.length < parametersWithCallback) return handler(event, context, () => undefined);
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    });
    if (isThenable(returned)) resolve(returned);
  });
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

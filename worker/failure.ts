import { maxErrorMessageLength, maxErrorTypeLength, maxStackLength } from '../src/ipc/protocol/limits.js';
import type { FunctionFailure } from '../src/ipc/protocol/messages.js';

/**
 * What was thrown, as text. Anything can be thrown: null, a frozen object, a proxy or getters that throw again; so
 * every look at it is guarded, and this function itself never throws.
 */
export function describeFailure(thrown: unknown): FunctionFailure {
  const errorType = attempt(() => typeOf(thrown)) ?? 'Error';
  const errorMessage = attempt(() => messageOf(thrown)) ?? 'The thrown value cannot be read.';
  const stack = attempt(() => stackOf(thrown)) ?? `${errorType}: ${errorMessage}`;
  return {
    errorType: errorType.slice(0, maxErrorTypeLength),
    errorMessage: errorMessage.slice(0, maxErrorMessageLength),
    stack: stack.slice(0, maxStackLength),
  };
}

function attempt(read: () => unknown): string | undefined {
  try {
    const text = read();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function isObject(thrown: unknown): thrown is Record<string, unknown> {
  return (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
}

function typeOf(thrown: unknown): unknown {
  if (!isObject(thrown)) return thrown === null ? 'null' : typeof thrown;
  const name = thrown['name'];
  return typeof name === 'string' && name !== '' ? name : thrown.constructor.name;
}

function messageOf(thrown: unknown): unknown {
  if (!isObject(thrown)) return String(thrown);
  const message = thrown['message'];
  return typeof message === 'string' ? message : JSON.stringify(thrown);
}

function stackOf(thrown: unknown): unknown {
  return isObject(thrown) ? thrown['stack'] : undefined;
}

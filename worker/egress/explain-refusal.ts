import type { Socket } from 'node:net';
import type { ConnectOptions } from './destination.js';

/**
 * A program that looks for a database at `localhost` finds its own container, where nothing listens: the error says so.
 * Not by a listener for errors, which would keep one that nobody listens for from ending the process.
 */
export function explainRefusal(socket: Socket, { port, path }: ConnectOptions): void {
  if (path !== undefined && path !== null) return;
  Object.defineProperty(socket, 'destroy', {
    configurable: true,
    writable: true,
    value(this: Socket, error?: NodeJS.ErrnoException) {
      Reflect.deleteProperty(socket, 'destroy');
      if (error?.code === 'ECONNREFUSED') explain(error, String(port));
      return this.destroy(error);
    },
  });
}

function explain(error: Error, port: string): void {
  const { message, stack = '' } = error;
  // Node's own is empty where it has tried several addresses.
  const before = message === '' ? 'connect ECONNREFUSED' : message;
  error.message =
    `${before}: nothing listens there in the function's own container; ` +
    `to reach the server's machine, add "127.0.0.1:${port}" to the setting egress.`;
  error.stack = stack.replace(message, () => error.message);
}

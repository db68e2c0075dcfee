/**
 * Built-ins as they were before any code of the function ran. Libraries replace globals, often for good reasons; the
 * worker's messages to the host must not change with them.
 */
import { writeSync } from 'node:fs';

export const writeToDescriptor = writeSync;
export const stringify = JSON.stringify.bind(JSON);
export const parseJson: (text: string) => unknown = JSON.parse.bind(JSON);
export const bytesFrom = Buffer.from.bind(Buffer) as (text: string, encoding?: BufferEncoding) => Buffer;
const tag: (this: object) => string = Reflect.get(Object.prototype, 'toString');
/** As `[object Response]`: what a value says it is, whatever realm or package its class comes from. */
export const tagOf = (value: object) => tag.call(value);
const source: (this: unknown) => string = Reflect.get(Function.prototype, 'toString');
/** The text of a function, as it was written. */
export const sourceOf = (written: unknown) => source.call(written);
export const exitProcess = process.exit.bind(process);
const { hrtime } = process;
/** Not `performance.now`: its first use loads eight more of Node's modules. */
export const monotonicMs = () => {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};
export const nextTurn = setImmediate;
const { wait } = Atomics;
export const sleepSync = (array: Int32Array, timeoutMs: number) => wait(array, 0, 0, timeoutMs);

import type { LogLevel, OutputStreamName } from '../src/ipc/protocol/messages.js';
import type { FrameWriter } from './host-connection.js';
import { bytesFrom } from './primordials.js';

type WriteCallback = (error?: Error | null) => void;

/** What these methods of `console` print has another level than its stream. `assert` prints by `warn`. */
const ownLevels = { debug: 'debug', trace: 'debug', warn: 'warn' } as const satisfies Partial<
  Record<keyof Console, LogLevel>
>;

/**
 * Sends what the function prints to the host as `log` frames, in order with its answers. What bypasses the two streams
 * (a child process, a native addon, the engine's own last words) goes to the container's output and is read there.
 */
export function capturePrints(writer: FrameWriter): void {
  let level: LogLevel | undefined;
  const send = (name: OutputStreamName, bytes: Uint8Array) => {
    writer.log(name, bytes, level);
  };
  capture(process.stdout, 'stdout', send);
  capture(process.stderr, 'stderr', send);
  // They write before they return, so whatever is written meanwhile is theirs.
  for (const [method, own] of Object.entries(ownLevels) as [keyof typeof ownLevels, LogLevel][]) {
    const print = console[method].bind(console);
    const printWithLevel = (...values: unknown[]) => {
      const outer = level;
      level = own;
      try {
        print(...values);
      } finally {
        level = outer;
      }
    };
    console[method] = Object.defineProperty(printWithLevel, 'name', { value: method });
  }
}

function capture(
  stream: NodeJS.WriteStream,
  name: OutputStreamName,
  send: (name: OutputStreamName, bytes: Uint8Array) => void,
): void {
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ) => {
    const textEncoding = typeof encoding === 'string' ? encoding : 'utf8';
    send(name, typeof chunk === 'string' ? bytesFrom(chunk, textEncoding) : chunk);
    const written = typeof encoding === 'function' ? encoding : callback;
    if (written) process.nextTick(written);
    return true;
  };
}

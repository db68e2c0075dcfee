import type { OutputStreamName } from '../src/ipc/protocol/messages.js';
import type { FrameWriter } from './frame-writer.js';
import { bytesFrom } from './primordials.js';

type WriteCallback = (error?: Error | null) => void;

/**
 * Sends what the function prints to the host as `log` frames, in order with its answers. What bypasses the two streams
 * (a child process, a native addon, the engine's own last words) goes to the container's output and is read there.
 */
export function capturePrints(writer: FrameWriter): void {
  capture(writer, process.stdout, 'stdout');
  capture(writer, process.stderr, 'stderr');
}

function capture(writer: FrameWriter, stream: NodeJS.WriteStream, name: OutputStreamName): void {
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ) => {
    const textEncoding = typeof encoding === 'string' ? encoding : 'utf8';
    writer.log(name, typeof chunk === 'string' ? bytesFrom(chunk, textEncoding) : chunk);
    const written = typeof encoding === 'function' ? encoding : callback;
    if (written) process.nextTick(written);
    return true;
  };
}

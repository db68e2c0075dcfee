import type { HeldStream, ReadScheduler } from '../../common/read-scheduler/read-scheduler.js';
import { ScheduledReader } from '../../common/read-scheduler/scheduled-reader.js';
import type { Clock } from '../../common/time/clock.js';
import type { ContainerOutput } from './container-engine.js';

/** A stream with what a container prints. */
interface PrintedStream extends HeldStream {
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error' | 'close' | 'end', listener: () => void): unknown;
}

/** What is made of the bytes: `push` takes what has arrived, `next` passes one piece on and says whether there was one. */
interface Consumer {
  push(bytes: Buffer): void;
  next(): boolean;
}

/** Reads a stream in its turn: a container that prints too fast waits for room, and costs this process no more. */
export function followOutput(
  stream: PrintedStream,
  consumer: Consumer,
  scheduler: ReadScheduler,
  clock: Clock,
): ContainerOutput {
  const reading = new ScheduledReader(stream, () => consumer.next(), scheduler, clock);
  const ended: PromiseWithResolvers<void> = Promise.withResolvers();
  stream.on('data', (bytes) => {
    consumer.push(bytes);
    reading.arrived();
  });
  // A broken connection and a closed one mean the same here: nothing more will come. What has come is read first.
  const ends = () => {
    reading.ends(ended.resolve);
  };
  stream.on('error', ends);
  stream.on('close', ends);
  stream.on('end', ends);
  const close = () => {
    reading.close();
    ended.resolve();
    // The types of Docker's package do not know that every stream has it.
    (stream as unknown as { destroy(): void }).destroy();
  };
  return { ended: ended.promise, close };
}

import { close, constants, open } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import type { ReadScheduler } from '../../../common/read-scheduler/read-scheduler.js';
import { ScheduledReader } from '../../../common/read-scheduler/scheduled-reader.js';
import type { Clock } from '../../../common/time/clock.js';
import type { ContainerOutput, OutputListener, OutputStream } from '../container-engine.js';

/** Where the two pipes of a container are, as the server reaches them. */
export type PipePaths = Readonly<Record<OutputStream, string>>;

/** Listens to a container's pipes, which must not have been written to yet. */
export async function readOutput(
  paths: PipePaths,
  onOutput: OutputListener,
  scheduler: ReadScheduler,
  clock: Clock,
): Promise<ContainerOutput> {
  const stdout = await openToRead(paths.stdout);
  const stderr = await openToRead(paths.stderr).catch((error: unknown) => {
    close(stdout);
    throw error;
  });
  const read = (descriptor: number, stream: OutputStream) =>
    readPipe(
      descriptor,
      (bytes) => {
        onOutput(stream, bytes);
      },
      scheduler,
      clock,
    );
  const readers = [read(stdout, 'stdout'), read(stderr, 'stderr')];
  return {
    ended: Promise.all(readers.map(({ ended }) => ended)).then(() => undefined),
    close: () => {
      for (const reader of readers) reader.close();
    },
  };
}

const openFile = promisify(open);

/** Waits for no writer; the pipe ends when the last one that comes has gone. */
function openToRead(path: string): Promise<number> {
  return openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

function readPipe(
  descriptor: number,
  onBytes: (bytes: Buffer) => void,
  scheduler: ReadScheduler,
  clock: Clock,
): ContainerOutput {
  const stream = new Socket({ fd: descriptor, readable: true, writable: false });
  const arrived: Buffer[] = [];
  const next = () => {
    const bytes = arrived.shift();
    if (bytes) onBytes(bytes);
    return arrived.length > 0;
  };
  // A container that prints too fast waits for room in its pipe, and costs neither this process nor the host more.
  const reading = new ScheduledReader(stream, next, scheduler, clock);
  const ended: PromiseWithResolvers<void> = Promise.withResolvers();
  stream.on('data', (bytes: Buffer) => {
    arrived.push(bytes);
    reading.arrived();
  });
  // What has come is read first.
  const ends = () => {
    reading.ends(ended.resolve);
  };
  stream.on('error', ends).on('close', ends).on('end', ends);
  const close = () => {
    reading.close();
    ended.resolve();
    stream.destroy();
  };
  return { ended: ended.promise, close };
}

/** For pipes that no container will ever write to. */
export async function removePipes(paths: PipePaths): Promise<void> {
  await Promise.allSettled([unlink(paths.stdout), unlink(paths.stderr)]);
}

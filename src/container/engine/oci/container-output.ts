import { closeSync, constants, openSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { ReadScheduler } from '../../../common/read-scheduler/read-scheduler.js';
import type { Clock } from '../../../common/time/clock.js';
import type { ContainerOutput, OutputListener, OutputStream } from '../container-engine.js';
import { followOutput } from '../followed-output.js';

/** Where the two pipes of a container are, as the server reaches them. */
export type PipePaths = Readonly<Record<OutputStream, string>>;

/** Listens to a container's pipes, which must not have been written to yet. */
export function readOutput(
  paths: PipePaths,
  onOutput: OutputListener,
  scheduler: ReadScheduler,
  clock: Clock,
): ContainerOutput {
  const stdout = openToRead(paths.stdout);
  let stderr: number;
  try {
    stderr = openToRead(paths.stderr);
  } catch (error) {
    closeSync(stdout);
    throw error;
  }
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

/** Waits for no writer, and for no disk; the pipe ends when the last one that comes has gone. */
function openToRead(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

function readPipe(
  descriptor: number,
  onBytes: (bytes: Buffer) => void,
  scheduler: ReadScheduler,
  clock: Clock,
): ContainerOutput {
  const arrived: Buffer[] = [];
  const closed: PromiseWithResolvers<void> = Promise.withResolvers();
  let isClosed = false;
  const consumer = {
    push: (bytes: Buffer) => void arrived.push(bytes),
    next: () => {
      const bytes = arrived.shift();
      if (!bytes) return false;
      if (!isClosed) onBytes(bytes);
      return true;
    },
  };
  const stream = new Socket({ fd: descriptor, readable: true, writable: false });
  const { ended } = followOutput(stream, consumer, scheduler, clock);
  // Read on until the container has ended: a program must not fail because nobody listens to it any more.
  const close = () => {
    isClosed = true;
    closed.resolve();
  };
  return { ended: Promise.race([ended, closed.promise]), close };
}

/** For pipes that no container will ever write to. */
export async function removePipes(paths: PipePaths): Promise<void> {
  await Promise.allSettled([unlink(paths.stdout), unlink(paths.stderr)]);
}

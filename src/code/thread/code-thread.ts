import { Worker } from 'node:worker_threads';
import type { Clock } from '../../common/time/clock.js';
import type { AddRequest } from '../archive/add-to-tree.js';
import type { UnpackRequest } from '../archive/unpack.js';
import { resultOf, type ThreadMessage } from './thread-message.js';

/** What a thread for code can do; plain values only. */
export type CodeRequest =
  | ({ readonly task: 'unpack' } & UnpackRequest)
  | ({ readonly task: 'add' } & AddRequest)
  | { readonly task: 'digest'; readonly directories: readonly string[] };

export interface ThreadLimits {
  readonly heapMiB: number;
  readonly timeoutMs: number;
  /** What the run rejects with after `timeoutMs`. */
  readonly tookTooLong: () => Error;
  /** What the run rejects with when the thread ended without a word, by an error where there was one. */
  readonly crashed: (error: unknown) => Error;
}

/** The program of the thread. Tests run from TypeScript and bind another. */
export class CodeThread {
  constructor(private readonly module: URL = new URL('./code.thread.js', import.meta.url)) {}

  /** Runs the task in its own thread, and settles only when the thread has ended: then nothing writes any more. */
  async run<Result>(
    request: CodeRequest,
    limits: ThreadLimits,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<Result> {
    signal.throwIfAborted();
    const worker = new Worker(this.module, {
      workerData: request,
      // Nothing of the server's environment or flags is needed there.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMiB },
    });
    const late = new AbortController();
    const cancelTimer = clock.schedule(limits.timeoutMs, () => {
      late.abort(limits.tookTooLong());
    });
    const stop = AbortSignal.any([signal, late.signal]);
    const terminate = () => void worker.terminate();
    stop.addEventListener('abort', terminate);
    try {
      const { message, error } = await endOf<Result>(worker);
      if (message !== undefined) return resultOf(message);
      stop.throwIfAborted();
      throw limits.crashed(error);
    } finally {
      cancelTimer();
      stop.removeEventListener('abort', terminate);
    }
  }
}

function endOf<Result>(
  worker: Worker,
): Promise<{ message: ThreadMessage<Result> | undefined; error: unknown }> {
  let message: ThreadMessage<Result> | undefined;
  let error: unknown;
  worker.on('message', (sent: ThreadMessage<Result>) => {
    message = sent;
  });
  worker.on('error', (raised) => {
    error = raised;
  });
  return new Promise((resolve) => {
    worker.on('exit', () => {
      resolve({ message, error });
    });
  });
}

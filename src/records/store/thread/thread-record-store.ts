import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../../../common/errors/domain-error.js';
import type { Log } from '../../../common/log/log.js';
import type { Clock } from '../../../common/time/clock.js';
import { withDeadline } from '../../../common/time/cancellation.js';
import {
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
  type RecordBatch,
} from '../record-store.js';
import {
  errorOf,
  type ArgumentOf,
  type Operation,
  type RecordThreadData,
  type ResultOf,
  type ThreadMessage,
} from './thread-message.js';

/** The program of the thread. Tests run from TypeScript and bind another. */
export class RecordThread {
  constructor(readonly module: URL = new URL('./records.thread.js', import.meta.url)) {}
}

export interface ThreadLimits {
  /** Longest wait for an answer of the thread, in milliseconds. */
  readonly timeoutMs: number;
  /** Most requests that wait for one. */
  readonly pending: number;
}

/** Room for the largest page of lines several times over. */
const heapMiB = 96;

/**
 * The store in a thread of its own, because SQLite blocks whoever calls it: neither a slow disk nor a large page of
 * lines reaches the server's event loop. A thread that ended is started again with the next request.
 */
export class ThreadRecordStore extends RecordStore {
  private worker: Worker | undefined;
  private counter = 0;
  private readonly pending = new Map<number, PromiseWithResolvers<unknown>>();

  constructor(
    private readonly thread: RecordThread,
    private readonly workerData: () => RecordThreadData,
    private readonly limits: ThreadLimits,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  /** Has no deadline: whoever writes has one write pending at a time, and must know when the thread has done it. */
  override async write(batch: RecordBatch): Promise<void> {
    await this.send('write', batch);
  }

  override lines(query: LineQuery): Promise<LinePage> {
    return this.ask('lines', query);
  }

  override invocation(id: string): Promise<InvocationRecord | undefined> {
    return this.ask('invocation', id);
  }

  override invocations(query: InvocationQuery): Promise<InvocationRecord[]> {
    return this.ask('invocations', query);
  }

  override forget(functionId: string): Promise<void> {
    return this.ask('forget', functionId);
  }

  override retain(functionIds: readonly string[]): Promise<void> {
    return this.ask('retain', functionIds);
  }

  override newestSequence(): Promise<number> {
    return this.ask('newestSequence', undefined);
  }

  /** Ends the thread once it has done what it was asked for, or when the deadline passes. */
  override async close(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.ref();
    worker.postMessage('close');
    const onTimeout = () => new Error('The thread of records did not end in time.');
    await withDeadline(this.clock, ended, { withinMs: this.limits.timeoutMs, onTimeout }).catch(() =>
      worker.terminate(),
    );
  }

  private async ask<O extends Operation>(operation: O, argument: ArgumentOf<O>): Promise<ResultOf<O>> {
    if (this.pending.size >= this.limits.pending) throw tooMany();
    const { timeoutMs: withinMs } = this.limits;
    return withDeadline(this.clock, this.send(operation, argument), { withinMs, onTimeout: tooSlow });
  }

  private send<O extends Operation>(operation: O, argument: ArgumentOf<O>): Promise<ResultOf<O>> {
    this.worker ??= this.start();
    // The process does not end while something is asked for: what is written last would be lost.
    this.worker.ref();
    this.counter += 1;
    const answer = Promise.withResolvers<unknown>();
    this.pending.set(this.counter, answer);
    this.worker.postMessage({ number: this.counter, operation, argument });
    return answer.promise as Promise<ResultOf<O>>;
  }

  private start(): Worker {
    const worker = new Worker(this.thread.module, {
      workerData: this.workerData(),
      // Nothing of the server's environment or flags is needed there.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    let cause: unknown;
    worker.on('message', (message: ThreadMessage) => {
      this.receive(message);
    });
    worker.on('error', (error) => {
      cause = error;
      this.log.error({ err: error }, 'the thread of records failed; the next record starts another');
    });
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const answer of this.pending.values()) answer.reject(threadEnded(cause));
      this.pending.clear();
    });
    return worker;
  }

  private receive(message: ThreadMessage): void {
    switch (message.kind) {
      case 'done':
        this.take(message.number)?.resolve(message.value);
        return;
      case 'failed':
        this.take(message.number)?.reject(errorOf(message.error));
        return;
      case 'set-aside': {
        const { file, reason } = message;
        this.log.warn(
          { file, reason },
          'the database of records could not be used and was set aside; a new one was created',
        );
        return;
      }
      default:
        message satisfies never;
    }
  }

  private take(number: number): PromiseWithResolvers<unknown> | undefined {
    const answer = this.pending.get(number);
    this.pending.delete(number);
    if (this.pending.size === 0) this.worker?.unref();
    return answer;
  }
}

function tooMany(): DomainError {
  return new DomainError(
    'OVERLOADED',
    'Too many requests are already waiting to read records; try again shortly.',
    {
      retryAfterMs: 1000,
    },
  );
}

function tooSlow(): DomainError {
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    'The records took too long to read; ask for fewer, or try again.',
    {
      retryAfterMs: 1000,
    },
  );
}

function threadEnded(cause: unknown): DomainError {
  const message = 'The records of this server cannot be read at the moment; try again shortly.';
  return new DomainError('STORAGE_UNAVAILABLE', message, { retryAfterMs: 1000 }, { cause });
}

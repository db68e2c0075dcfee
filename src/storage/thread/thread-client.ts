import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { DomainError } from '../../common/errors/domain-error.js';
import type { Log } from '../../common/log/log.js';
import { withDeadline } from '../../common/time/cancellation.js';
import type { Clock } from '../../common/time/clock.js';
import {
  type ArgumentsOf,
  errorOf,
  type OperationOf,
  type ResultOf,
  type ThreadMessage,
  type ThreadRequest,
} from './thread-message.js';

export interface ThreadPlan {
  /** The program of the thread, asked for at each start. */
  readonly thread: { readonly module: URL };
  /** What it is told at its start. */
  readonly workerData: () => unknown;
  /** What it is told with each request. */
  readonly context: () => unknown;
  readonly resourceLimits: ResourceLimits;
}

export interface ThreadLimits {
  /** Longest wait for an answer of the thread, in milliseconds. */
  readonly timeoutMs: number;
  /** Most requests of `ask` that wait for one. */
  readonly pending: number;
}

/**
 * A store in a thread of its own, because SQLite blocks whoever calls it: neither a slow disk nor a large answer reaches the
 * server's event loop. The thread starts with the first request; one that ended is started again with the next.
 */
export class ThreadClient<Store> {
  private worker: Worker | undefined;
  private counter = 0;
  private readonly pending = new Map<number, PromiseWithResolvers<unknown>>();
  private asked = 0;

  /** `what` names what the store keeps, as in "the thread of records". */
  constructor(
    private readonly what: string,
    private readonly plan: ThreadPlan,
    private readonly limits: ThreadLimits,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** For whoever somebody waits for: does not wait for ever, nor behind too many others. */
  async ask<Name extends OperationOf<Store>>(
    operation: Name,
    ...values: ArgumentsOf<Store, Name>
  ): Promise<ResultOf<Store, Name>> {
    if (this.asked >= this.limits.pending) throw this.tooMany();
    const { timeoutMs: withinMs } = this.limits;
    const onTimeout = () => this.tooSlow();
    this.asked += 1;
    const answer = this.send(operation, ...values).finally(() => {
      this.asked -= 1;
    });
    return withDeadline(this.clock, answer, { withinMs, onTimeout });
  }

  /** For whoever must know whether it was done: settles when the thread has done it, or has ended. */
  send<Name extends OperationOf<Store>>(
    operation: Name,
    ...values: ArgumentsOf<Store, Name>
  ): Promise<ResultOf<Store, Name>> {
    this.worker ??= this.start();
    // The process does not end while something is asked for: what is written last would be lost.
    this.worker.ref();
    this.counter += 1;
    const answer = Promise.withResolvers<unknown>();
    this.pending.set(this.counter, answer);
    const context = this.plan.context();
    this.worker.postMessage({ number: this.counter, operation, values, context } satisfies ThreadRequest);
    return answer.promise as Promise<ResultOf<Store, Name>>;
  }

  /** Ends the thread once it has done what it was asked for, or when the deadline passes. */
  async close(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.ref();
    worker.postMessage('close' satisfies ThreadRequest);
    const onTimeout = () => new Error(`The thread of ${this.what} did not end in time.`);
    await withDeadline(this.clock, ended, { withinMs: this.limits.timeoutMs, onTimeout }).catch(() =>
      worker.terminate(),
    );
  }

  private start(): Worker {
    const { thread, workerData, resourceLimits } = this.plan;
    const worker = new Worker(thread.module, {
      workerData: workerData(),
      // Nothing of the server's environment or flags is needed there.
      env: {},
      execArgv: [],
      resourceLimits,
    });
    let cause: unknown;
    worker.on('message', (message: ThreadMessage) => {
      this.receive(message);
    });
    worker.on('error', (error) => {
      cause = error;
      this.log.error({ err: error }, `the thread of ${this.what} failed; the next request starts another`);
    });
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const answer of this.pending.values()) answer.reject(this.threadEnded(cause));
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
          `the database of ${this.what} could not be used and was set aside; a new one was created`,
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

  private tooMany(): DomainError {
    const message = `Too many requests are already waiting for the ${this.what} of this server; try again shortly.`;
    return new DomainError('OVERLOADED', message, { retryAfterMs: 1000 });
  }

  private tooSlow(): DomainError {
    const message = `The ${this.what} of this server took too long to read or write; ask for fewer, or try again.`;
    return new DomainError('STORAGE_UNAVAILABLE', message, { retryAfterMs: 1000 });
  }

  private threadEnded(cause: unknown): DomainError {
    const message = `The ${this.what} of this server cannot be read or written at the moment; try again shortly.`;
    return new DomainError('STORAGE_UNAVAILABLE', message, { retryAfterMs: 1000 }, { cause });
  }
}

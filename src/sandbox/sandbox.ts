import { DomainError } from '../common/errors/domain-error.js';
import type { Log } from '../common/log/log.js';
import type { Cancellation } from '../common/time/cancellation.js';
import type { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/deadline.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import type { WorkerEndpoint } from '../ipc/worker-endpoint.js';
import type { ResponseStream } from '../ipc/response-stream.js';
import type { InvokeMessage, LoadMessage } from '../ipc/protocol/messages.js';
import { PeerError, type WorkerResult, type WorkerSession } from '../ipc/worker-session.js';
import type { OutputRecorder } from './output/output-recorder.js';
import { endedBeforeAnswer } from './sandbox-failure.js';
import type { UsageMeter } from './usage-meter.js';

/** How a call came by its container; shown in `Server-Timing` and the call's log line. */
export type SandboxOrigin = 'fresh-pool' | 'stem' | 'cold' | 'warm';

export interface CallLimits {
  readonly timeoutMs: number;
  readonly cancellation: Cancellation;
}

export interface SandboxParts {
  readonly container: LaunchedContainer;
  readonly endpoint: WorkerEndpoint;
  readonly session: WorkerSession;
  readonly output: OutputRecorder;
  readonly meter: UsageMeter;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a dying container may take to say how it ended. */
const endingTimeoutMs = 2000;

/**
 * A container with a connected worker, and soon a loaded function. Its state is the session's phase: the worker says
 * how far it is, the host only believes what the phase machine allows.
 */
export class Sandbox {
  callsServed = 0;
  /** How it was made; a sandbox taken from those that wait is reported as `fresh-pool` or `warm` instead. */
  madeAs: SandboxOrigin = 'cold';
  readonly readySinceMs: number;
  private disposal: Promise<void> | undefined;
  private cleanUp: () => Promise<void> = () => Promise.resolve();
  private closeMore: () => void = () => undefined;

  readonly container: LaunchedContainer;
  readonly endpoint: WorkerEndpoint;
  readonly output: OutputRecorder;
  private readonly meter: UsageMeter;
  private readonly session: WorkerSession;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor({ container, endpoint, session, output, meter, clock, log }: SandboxParts) {
    this.container = container;
    this.endpoint = endpoint;
    this.session = session;
    this.output = output;
    this.meter = meter;
    this.clock = clock;
    this.log = log;
    this.readySinceMs = clock.monotonicMs();
    session.onLog((stream, bytes) => {
      output.append(stream, bytes);
    });
  }

  /** Connected, in order, and idle with a function loaded: it may be given a call. */
  get isReady(): boolean {
    return this.session.phase === 'ready' && this.session.clean && !this.disposal;
  }

  get isGone(): boolean {
    return this.session.phase === 'gone';
  }

  /** No call runs, and the worker has kept to the rules. */
  private get isAtRest(): boolean {
    const { phase, clean } = this.session;
    return clean && (phase === 'stem' || phase === 'ready' || phase === 'answered');
  }

  /** Settles when the worker is gone, for whatever reason. */
  get gone(): Promise<unknown> {
    return this.session.gone;
  }

  /** Rejects with the function's fault (it throws, ends, or takes too long) and what it printed. */
  async load(message: LoadMessage, timeoutMs: number): Promise<void> {
    try {
      await withDeadline(this.clock, this.session.load(message), {
        withinMs: timeoutMs,
        onTimeout: () =>
          new DomainError(
            'FUNCTION_INIT_TIMEOUT',
            `The function's top-level code did not finish within ${timeoutMs} ms; do less before the first call.`,
          ),
      });
    } catch (error) {
      throw this.withOutput(await this.explain(error));
    }
    // Not waited for: a caller may be waiting for this sandbox.
    this.meter.loaded();
  }

  /** One call. Rejects with a `DomainError`; afterwards `isReady` says whether another call may follow. */
  async invoke(message: InvokeMessage, body: Buffer, limits: CallLimits): Promise<WorkerResult> {
    this.callsServed += 1;
    this.output.begin(message.invocationId);
    this.meter.callBegins(message.invocationId);
    try {
      return await withDeadline(this.clock, this.session.invoke(message, body), {
        withinMs: limits.timeoutMs,
        onTimeout: () =>
          new DomainError(
            'FUNCTION_TIMEOUT',
            `The function did not answer within ${limits.timeoutMs / 1000} s.`,
          ),
        cancellation: limits.cancellation,
      });
    } catch (error) {
      throw await this.explain(error);
    }
  }

  /**
   * Waits until a streamed answer is passed on, which `sending` does. Rejects with a `DomainError` when the function,
   * its deadline or the client breaks it off; the worker is then of no further use.
   */
  async deliver(stream: ResponseStream, sending: Promise<void>, limits: CallLimits): Promise<void> {
    try {
      await withDeadline(this.clock, sending, {
        withinMs: limits.timeoutMs,
        onTimeout: () => new DomainError('FUNCTION_TIMEOUT', 'The function did not end its answer in time.'),
        cancellation: limits.cancellation,
      });
    } catch (error) {
      // A body that breaks off closes the client's connection, which then looks as if the client had left.
      const reason = stream.failure ?? error;
      stream.destroy(error as Error);
      this.session.close();
      throw await this.explain(reason);
    }
  }

  /** Runs `listener` once, when the worker has asked for its next call, went away, or did not ask in time. */
  whenSettled(timeoutMs: number, listener: () => void): void {
    let isSettled = false;
    const settle = () => {
      if (isSettled) return;
      isSettled = true;
      cancelTimer();
      listener();
    };
    const cancelTimer = this.clock.schedule(timeoutMs, settle);
    this.session.whenSettled(settle);
  }

  /** Runs when the container is gone, before its directory is removed. */
  cleanUpWith(action: () => Promise<void>): void {
    this.cleanUp = action;
  }

  /** Runs when the sandbox is closed, before its container is removed; at once if it is closed already. */
  closeAlso(action: () => void): void {
    if (this.disposal) action();
    else this.closeMore = action;
  }

  /**
   * Removes the container, the socket and the directory, once; resolves when they are gone or the reaper has them. Never
   * rejects: a directory that cannot be removed now goes with the next start's sweep.
   */
  dispose(): Promise<void> {
    this.disposal ??= this.disposeOnce().catch((err: unknown) => {
      this.log.error({ err, container: this.container.name }, "a container's directory could not be removed");
    });
    return this.disposal;
  }

  /** Its calls have left so many processes behind that it should serve no more. */
  get isCrowded(): boolean {
    return this.meter.isCrowded;
  }

  /**
   * The call is over and another may come: what is printed and used from now on is not that call's. Resolves when
   * `isCrowded` is of now; undefined where it was looked at not long ago.
   */
  rest(): Promise<void> | undefined {
    this.output.rest();
    return this.meter.rests();
  }

  private async disposeOnce(): Promise<void> {
    // The kernel's accounts of a container go with its process.
    await this.meter.ends();
    const { isAtRest } = this;
    this.session.close();
    this.closeMore();
    // Code that may still be at work is not asked to end.
    await (isAtRest ? this.container.retire() : this.container.remove());
    await this.container.ended;
    this.output.finish();
    await this.cleanUp();
    await this.endpoint.close();
  }

  /** Turns the session's words into the caller's: a worker that is gone says nothing, its container does. */
  private async explain(error: unknown): Promise<Error> {
    if (error instanceof PeerError && error.kind === 'gone') return endedBeforeAnswer(await this.ending());
    if (error instanceof PeerError) {
      return new DomainError('FUNCTION_INVALID_RESPONSE', 'The function broke the protocol of its worker.', {
        reason: error.reason,
      });
    }
    return error as Error;
  }

  private withOutput(error: Error): Error {
    const output = this.output.lastLines();
    if (!(error instanceof DomainError) || output === '') return error;
    return new DomainError(error.code, error.message, { ...error.details, output }, { cause: error.cause });
  }

  private async ending() {
    const onTimeout = () => new Error('The container did not say how it ended.');
    const exit = await withDeadline(
      this.clock,
      this.container.ended.then(() => this.container.exit()),
      { withinMs: endingTimeoutMs, onTimeout },
    ).catch(() => undefined);
    return {
      exitCode: exit?.exitCode,
      outOfMemory: exit?.outOfMemory ?? false,
      lastOutput: this.output.lastLines(),
    };
  }
}

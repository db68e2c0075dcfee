import { DomainError } from '../common/errors/domain-error.js';
import type { Log } from '../common/log/log.js';
import { type Cancellation, withDeadline } from '../common/time/cancellation.js';
import type { Clock } from '../common/time/clock.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import type { WorkerEndpoint } from '../ipc/worker-dialect.js';
import type { ResponseStream } from '../ipc/response-stream.js';
import type { InvokeMessage, LoadMessage } from '../ipc/protocol/messages.js';
import type { PeerError, WorkerResult, WorkerSession } from '../ipc/worker-session.js';
import { OutputBudget, type OutputRecorder } from './output/output-recorder.js';
import type { Runtime } from '../runtimes/runtime.js';
import { FailureReport } from './sandbox-failure.js';
import type { UsageMeter } from './usage-meter.js';

/** How a call got its container; shown in `Server-Timing` and the call's log line. */
export type SandboxOrigin = 'fresh-pool' | 'prewarmed' | 'cold' | 'warm';

export interface CallLimits {
  readonly timeoutMs: number;
  readonly cancellation: Cancellation;
}

export interface SandboxParts {
  readonly runtime: Runtime;
  readonly container: LaunchedContainer;
  readonly endpoint: WorkerEndpoint;
  readonly session: WorkerSession;
  readonly output: OutputRecorder;
  readonly meter: UsageMeter;
  readonly clock: Clock;
  readonly log: Log;
}

/** The connections of a function to the outside. */
export interface Egress {
  /** A call has started. */
  startCall(): void;
  close(): void;
}

/**
 * A container with a connected worker, and soon a loaded function. Its state is the session's phase: the worker says how
 * far it has come, and the host believes only what the transition table allows.
 */
export class Sandbox {
  callsServed = 0;
  /** How it was provisioned; a sandbox taken from a pool is reported as `fresh-pool` or `warm` instead. */
  madeAs: SandboxOrigin = 'cold';
  readonly readySinceMs: number;
  private disposal: Promise<void> | undefined;
  private cleanUp: () => Promise<void> = () => Promise.resolve();
  private lastCallFailed = false;
  private egress: Egress | undefined;
  private hasLostConnection = false;
  private onLostConnection: () => void = () => undefined;

  readonly container: LaunchedContainer;
  readonly endpoint: WorkerEndpoint;
  readonly output: OutputRecorder;
  private readonly meter: UsageMeter;
  private readonly session: WorkerSession;
  private readonly budget: OutputBudget;
  private readonly failures: FailureReport;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor({ runtime, container, endpoint, session, output, meter, clock, log }: SandboxParts) {
    this.container = container;
    this.endpoint = endpoint;
    this.session = session;
    this.output = output;
    this.meter = meter;
    this.clock = clock;
    this.log = log;
    this.readySinceMs = clock.monotonicMs();
    this.budget = new OutputBudget(clock);
    this.failures = new FailureReport(runtime, container, output, clock);
    session.onLog((stream, bytes, level) => {
      output.append(stream, bytes, level);
      this.countPrint(bytes);
    });
    container.onOutput((_, bytes) => {
      this.countPrint(bytes);
    });
  }

  /** Idle and healthy, with a function loaded and all its connections: it may be given a call. */
  get isReady(): boolean {
    const { phase, isHealthy } = this.session;
    return phase === 'ready' && isHealthy && !this.disposal && !this.hasLostConnection;
  }

  get isGone(): boolean {
    return this.session.phase === 'gone';
  }

  /** No call runs, and the worker has kept to the rules. */
  private get isIdle(): boolean {
    const { phase, isHealthy } = this.session;
    return isHealthy && (phase === 'prewarmed' || phase === 'ready' || phase === 'answered');
  }

  /** Settles when the worker is gone, for whatever reason. */
  get gone(): Promise<PeerError> {
    return this.session.gone;
  }

  /** Rejects with why the code did not load (it threw, ended, or took too long) and what it printed. */
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
      throw await this.failures.loadFailed(error);
    }
    this.budget.becomeIdle();
    // Not awaited: a caller may be waiting for this sandbox.
    this.meter.loaded();
  }

  /** One call. Rejects with a `DomainError`; afterwards `isReady` says whether another call may follow. */
  async invoke(message: InvokeMessage, body: Buffer, limits: CallLimits): Promise<WorkerResult> {
    this.callsServed += 1;
    this.lastCallFailed = false;
    this.egress?.startCall();
    this.output.startCall(message.invocationId);
    this.budget.startCall();
    this.meter.startCall(message.invocationId);
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
      throw await this.callFailed(error);
    }
  }

  /**
   * Waits until a streamed answer is passed on, which `sending` does. Rejects with a `DomainError` when the function,
   * its deadline or the client breaks it off; the worker then serves no other call.
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
      throw await this.callFailed(reason);
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

  /** Says in the function's log why the sandbox cannot serve another call. A call that failed has already said so. */
  async sayUnfit(): Promise<void> {
    if (this.lastCallFailed || this.disposal) return;
    if (this.isGone) await this.failures.idleEnded(await this.session.gone);
    else this.output.say('warn', 'The container was still at work after its answer, and is replaced.');
  }

  /** Runs when the container is gone, before its directory is removed. */
  cleanUpWith(action: () => Promise<void>): void {
    this.cleanUp = action;
  }

  /** Closes `egress` with the sandbox, before the container is removed; at once if the sandbox is closed already. */
  useEgress(egress: Egress): void {
    if (this.disposal) egress.close();
    else this.egress = egress;
  }

  /**
   * The server has cut a connection that the function may count on: the sandbox gets no further call. Code that is still
   * being loaded would meet the same in every container.
   */
  lostConnection(): void {
    const { phase } = this.session;
    if (phase === 'prewarmed' || phase === 'loading') return;
    this.hasLostConnection = true;
    this.onLostConnection();
  }

  /** Runs each time a connection is lost. */
  whenConnectionLost(listener: () => void): void {
    this.onLostConnection = listener;
  }

  /**
   * Removes the container, the socket and the directory, once; resolves when they are gone or the reaper has them. Never
   * rejects: a directory that cannot be removed now is removed by the next start.
   */
  dispose(): Promise<void> {
    this.disposal ??= this.disposeOnce().catch((err: unknown) => {
      this.log.error({ err, container: this.container.name }, "a container's directory could not be removed");
    });
    return this.disposal;
  }

  /** Its calls have left so many processes running that it should serve no other. */
  get isCrowded(): boolean {
    return this.meter.isCrowded;
  }

  /**
   * The call is over and another may come: from now on output and usage are not that call's. Resolves when
   * `isCrowded` is up to date; undefined when it was read not long ago.
   */
  becomeIdle(): Promise<void> | undefined {
    this.output.becomeIdle();
    this.budget.becomeIdle();
    return this.meter.becomeIdle();
  }

  private countPrint(bytes: Buffer): void {
    const limit = this.budget.exceededBy(bytes.length);
    if (limit !== undefined) this.session.endForOutput(limit);
  }

  private async disposeOnce(): Promise<void> {
    // The kernel's accounts of a container go with its process.
    await this.meter.end();
    const { isIdle } = this;
    this.session.close();
    this.egress?.close();
    // Code that may still be at work is not asked to end.
    await (isIdle ? this.container.retire() : this.container.remove());
    await this.container.ended;
    this.output.finish();
    await this.cleanUp();
    await this.endpoint.close();
  }

  private async callFailed(error: unknown): Promise<Error> {
    this.lastCallFailed = true;
    return this.failures.callFailed(error);
  }
}

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
import { OutputBudget } from './output/output-budget.js';
import type { OutputRecorder } from './output/output-recorder.js';
import { exitWords, peakWords } from './end-words.js';
import { endedBeforeAnswer, type EndFacts, type Ending } from './sandbox-failure.js';
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

/** By which a function reaches the outside. */
export interface WayOut {
  /** A call begins. */
  used(): void;
  close(): void;
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
  private lastCallFailed = false;
  private wayOut: WayOut | undefined;
  private hasLostConnection = false;
  private onLostConnection: () => void = () => undefined;

  readonly container: LaunchedContainer;
  readonly endpoint: WorkerEndpoint;
  readonly output: OutputRecorder;
  private readonly meter: UsageMeter;
  private readonly session: WorkerSession;
  private readonly budget: OutputBudget;
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
    this.budget = new OutputBudget(clock);
    session.onLog((stream, bytes, level) => {
      output.append(stream, bytes, level);
      this.countPrint(bytes);
    });
    container.onOutput((_, bytes) => {
      this.countPrint(bytes);
    });
  }

  /** Connected, in order, and idle with a function loaded that has all it has opened: it may be given a call. */
  get isReady(): boolean {
    const isIdle = this.session.phase === 'ready' && this.session.clean && !this.disposal;
    return isIdle && !this.hasLostConnection;
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
  get gone(): Promise<PeerError> {
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
      const reason = await this.explain(error);
      this.sayNotLoaded(reason);
      throw this.withOutput(reason);
    }
    this.budget.rests();
    // Not waited for: a caller may be waiting for this sandbox.
    this.meter.loaded();
  }

  /** One call. Rejects with a `DomainError`; afterwards `isReady` says whether another call may follow. */
  async invoke(message: InvokeMessage, body: Buffer, limits: CallLimits): Promise<WorkerResult> {
    this.callsServed += 1;
    this.lastCallFailed = false;
    this.wayOut?.used();
    this.output.begin(message.invocationId);
    this.budget.callBegins();
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
      throw await this.failed(error);
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
      throw await this.failed(reason);
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

  /**
   * For its log: why it ended while no call ran, or is of no use for the next one. What has been said of a call that
   * failed is not said again.
   */
  async sayUnfit(): Promise<void> {
    if (this.lastCallFailed || this.disposal) return;
    if (this.session.phase !== 'gone') {
      this.output.say('warn', 'The container was still at work after its answer, and is replaced.');
      return;
    }
    const end = await this.session.gone;
    const ending = end.kind === 'gone' ? await this.ending() : undefined;
    if (end.reason === 'too-much-output') {
      this.output.endLines();
      this.output.say('error', end.message);
      return;
    }
    const how = ending ? `ended: ${exitWords(ending.exitCode)}` : 'broke the protocol of its worker';
    this.output.endLines();
    this.output.say('warn', `While no call ran, a container ${how}. It is replaced.`);
  }

  /** Runs when the container is gone, before its directory is removed. */
  cleanUpWith(action: () => Promise<void>): void {
    this.cleanUp = action;
  }

  /** Closes it with the sandbox, before the container is removed; at once if the sandbox is closed already. */
  goOutBy(wayOut: WayOut): void {
    if (this.disposal) wayOut.close();
    else this.wayOut = wayOut;
  }

  /**
   * The server has cut a connection that the function may count on: no further call is given to the sandbox. Code that is
   * only being loaded meets the same in every container, and is not spared it by another one.
   */
  lostConnection(): void {
    const { phase } = this.session;
    if (phase === 'stem' || phase === 'loading') return;
    this.hasLostConnection = true;
    this.onLostConnection();
  }

  /** Runs each time that a connection is lost. */
  whenConnectionLost(listener: () => void): void {
    this.onLostConnection = listener;
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
    this.budget.rests();
    return this.meter.rests();
  }

  private countPrint(bytes: Buffer): void {
    const limit = this.budget.passedBy(bytes.length);
    if (limit !== undefined) this.session.endForOutput(limit);
  }

  private async disposeOnce(): Promise<void> {
    // The kernel's accounts of a container go with its process.
    await this.meter.ends();
    const { isAtRest } = this;
    this.session.close();
    this.wayOut?.close();
    // Code that may still be at work is not asked to end.
    await (isAtRest ? this.container.retire() : this.container.remove());
    await this.container.ended;
    this.output.finish();
    await this.cleanUp();
    await this.endpoint.close();
  }

  /** The call has failed: nothing more is expected of it, and what it has printed comes before what is said of it. */
  private async failed(error: unknown): Promise<Error> {
    this.lastCallFailed = true;
    const reason = await this.explain(error);
    this.output.endLines();
    return reason;
  }

  /** What the code threw its worker has printed; of any other end there is nothing in the log yet. */
  private sayNotLoaded(reason: Error): void {
    this.output.endLines();
    if (!(reason instanceof DomainError) || reason.code === 'FUNCTION_LOAD_ERROR') return;
    if (reason.code === 'FUNCTION_INIT_TIMEOUT') this.output.say('error', reason.message);
    const { exitCode, memoryPeakBytes } = (reason.cause ?? {}) as EndFacts;
    if (reason.code === 'FUNCTION_EXITED' || reason.code === 'FUNCTION_OUT_OF_MEMORY') {
      const what =
        reason.code === 'FUNCTION_EXITED' ? 'The process ended' : 'The container ran out of memory';
      const how = `${exitWords(exitCode)}.${peakWords(memoryPeakBytes)}`;
      this.output.say('error', `${what} while the function's code was loaded: ${how}`);
    }
  }

  /** Turns the session's words into the caller's: a worker that is gone says nothing, its container does. */
  private async explain(error: unknown): Promise<Error> {
    if (error instanceof PeerError && error.kind === 'gone') return endedBeforeAnswer(await this.ending());
    if (error instanceof DomainError && error.code === 'FUNCTION_TIMEOUT') {
      const cause: EndFacts = { memoryPeakBytes: await this.memoryPeakBytes() };
      return new DomainError(error.code, error.message, error.details, { cause });
    }
    if (error instanceof PeerError) {
      const { reason } = error;
      const broken = 'The function broke the protocol of its worker.';
      const message = reason === 'too-much-output' ? error.message : broken;
      return new DomainError('FUNCTION_INVALID_RESPONSE', message, { reason });
    }
    return error as Error;
  }

  private withOutput(error: Error): Error {
    const output = this.output.lastLines();
    if (!(error instanceof DomainError) || output === '') return error;
    return new DomainError(error.code, error.message, { ...error.details, output }, { cause: error.cause });
  }

  private async memoryPeakBytes(): Promise<number | undefined> {
    return (await this.container.usage()).memoryPeakBytes ?? undefined;
  }

  private async ending(): Promise<Ending> {
    // First, since the kernel's accounts go with the container.
    const [memoryPeakBytes, hasRunOutOfMemory] = await Promise.all([
      this.memoryPeakBytes(),
      this.container.hasRunOutOfMemory(),
    ]);
    const onTimeout = () => new Error('The container did not say how it ended.');
    const exit = await withDeadline(
      this.clock,
      this.container.ended.then(() => this.container.exit()),
      { withinMs: endingTimeoutMs, onTimeout },
    ).catch(() => undefined);
    return {
      exitCode: exit?.exitCode,
      // The engine's own news of it may come later than anybody can wait for.
      outOfMemory: hasRunOutOfMemory || (exit?.outOfMemory ?? false),
      lastOutput: this.output.lastLines(),
      memoryPeakBytes,
    };
  }
}

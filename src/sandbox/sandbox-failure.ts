import { constants } from 'node:os';
import { DomainError } from '../common/errors/domain-error.js';
import type { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import { PeerError } from '../ipc/worker-session.js';
import type { Runtime } from '../runtimes/runtime.js';
import type { OutputRecorder } from './output/output-recorder.js';

/** How long a dying container may take to report how it ended. */
const endingTimeoutMs = 2000;

/**
 * After a SIGKILL. While a call runs, the server sends none: if the accounts that would say so have gone, the kernel is
 * taken to have killed for memory.
 */
const killedExitCode = 128 + constants.signals.SIGKILL;

/** What is known of a container that ended without an answer. */
export interface Ending {
  /** Undefined when the engine could not say. */
  readonly exitCode: number | undefined;
  /** The kernel killed a process of the container for memory. */
  readonly outOfMemory: boolean;
  /** The last lines the function printed. */
  readonly lastOutput: string;
  /** Undefined where the kernel could not say. */
  readonly memoryPeakBytes: number | undefined;
  /** The engine ended, and its containers with it. */
  readonly withEngine: boolean;
}

/** The `cause` of an error for a call that was cut short: what the logs say beside its sentence. */
export type EndFacts = Partial<Pick<Ending, 'exitCode' | 'memoryPeakBytes'>>;

/**
 * Finds out why a sandbox failed: the caller gets an error, the function's log gets a line where the code itself has
 * printed none.
 */
export class FailureReport {
  constructor(
    private readonly runtime: Runtime,
    private readonly container: LaunchedContainer,
    private readonly output: OutputRecorder,
    private readonly clock: Clock,
  ) {}

  /** The error for a call; what the call has printed comes before anything that is said of it. */
  async callFailed(error: unknown): Promise<Error> {
    const reason = await this.explain(error);
    this.output.endLines();
    return reason;
  }

  /** The error for code that did not load, with the last lines it printed. */
  async loadFailed(error: unknown): Promise<Error> {
    const reason = await this.callFailed(error);
    if (!(reason instanceof DomainError)) return reason;
    this.sayNotLoaded(reason);
    const output = this.output.lastLines();
    if (output === '') return reason;
    const { code, message, details, cause } = reason;
    return new DomainError(code, message, { ...details, output }, { cause });
  }

  /** Says in the function's log that a container ended while no call ran. */
  async idleEnded(end: PeerError): Promise<void> {
    const ending = end.kind === 'gone' ? await this.ending() : undefined;
    this.output.endLines();
    if (end.reason === 'too-much-output') {
      this.output.say('error', end.message);
      return;
    }
    const how = ending ? `ended: ${exitWords(ending.exitCode)}` : 'broke the protocol of its worker';
    this.output.say('warn', `While no call ran, a container ${how}. It is replaced.`);
  }

  /** The worker has printed what the code threw; for any other failure the log has nothing yet. */
  private sayNotLoaded({ code, message, cause }: DomainError): void {
    if (code === 'FUNCTION_INIT_TIMEOUT') this.output.say('error', message);
    if (code !== 'FUNCTION_EXITED' && code !== 'FUNCTION_OUT_OF_MEMORY') return;
    const { exitCode, memoryPeakBytes } = (cause ?? {}) as EndFacts;
    const what = code === 'FUNCTION_EXITED' ? 'The process ended' : 'The container ran out of memory';
    const how = `${exitWords(exitCode)}.${peakWords(memoryPeakBytes)}`;
    this.output.say('error', `${what} while the function's code was loaded: ${how}`);
  }

  /** Turns the session's error into the caller's: a worker that is gone says nothing, its container does. */
  private async explain(error: unknown): Promise<Error> {
    if (error instanceof PeerError && error.kind === 'gone') {
      return endedBeforeAnswer(await this.ending(), this.runtime);
    }
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

  private async memoryPeakBytes(): Promise<number | undefined> {
    return (await this.container.usage()).memoryPeakBytes ?? undefined;
  }

  private async ending(): Promise<Ending> {
    // First, since the kernel's accounts go with the container.
    const [memoryPeakBytes, hasRunOutOfMemory] = await Promise.all([
      this.memoryPeakBytes(),
      this.container.hasRunOutOfMemory(),
    ]);
    const onTimeout = () => new Error('The container did not report how it ended.');
    const exit = await withDeadline(
      this.clock,
      this.container.ended.then(() => this.container.exit()),
      { withinMs: endingTimeoutMs, onTimeout },
    ).catch(() => undefined);
    return {
      exitCode: exit?.exitCode,
      // The engine may report it later than anybody can wait for, or not at all.
      outOfMemory: (hasRunOutOfMemory ?? exit?.exitCode === killedExitCode) || (exit?.outOfMemory ?? false),
      lastOutput: this.output.lastLines(),
      memoryPeakBytes,
      withEngine: exit?.withEngine ?? false,
    };
  }
}

/** The error for a call whose container ended before it answered. */
export function endedBeforeAnswer(ending: Ending, runtime: Runtime): DomainError {
  const output = ending.lastOutput === '' ? {} : { output: ending.lastOutput };
  const { exitCode, memoryPeakBytes } = ending;
  const cause = { exitCode, memoryPeakBytes } satisfies { [F in keyof EndFacts]: unknown };
  if (ending.withEngine) {
    return new DomainError(
      'RUNTIME_UNAVAILABLE',
      'The container of the call was lost, through no fault of the function; try again shortly.',
      { retryAfterMs: 1000 },
      { cause },
    );
  }
  if (ending.outOfMemory || runtime.endedForMemory(ending)) {
    return new DomainError(
      'FUNCTION_OUT_OF_MEMORY',
      'The function used more memory than it may; use less or give it more.',
      output,
      { cause },
    );
  }
  return new DomainError(
    'FUNCTION_EXITED',
    'The function ended its process before it answered; its log may say why.',
    output,
    { cause },
  );
}

/** Added to the signal's number, it is the exit code of a process that a signal ended. */
const signalled = 128;

/** Of two names for one signal the first, as `SIGABRT`. */
const signalNames = new Map<number, string>(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** How a process ended, as `exit code 137 (SIGKILL)`. */
export function exitWords(exitCode: number | undefined): string {
  if (exitCode === undefined) return 'exit code unknown';
  const signal = exitCode > signalled ? signalNames.get(exitCode - signalled) : undefined;
  return `exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}`;
}

/** One sentence more, where the peak is known. */
export function peakWords(memoryPeakBytes: number | undefined): string {
  if (memoryPeakBytes === undefined) return '';
  return ` Peak memory: ${(memoryPeakBytes / 1024 / 1024).toFixed(1)} MiB.`;
}

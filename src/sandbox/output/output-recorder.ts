import type { Clock } from '../../common/time/clock.js';
import { OutputTail } from '../../container/output-tail.js';
import type { LineLevel, LinePhase, RecordedFunction, SandboxEvents } from '../sandbox-events.js';
import { type OutputLine, type OutputLineLimits, OutputLines } from './output-lines.js';

/** What one call printed, or what was printed outside calls. */
export interface RecordedOutput {
  /** Undefined for what was printed outside calls. */
  readonly invocationId: string | undefined;
  readonly text: string;
  /** Bytes from the middle that were not kept. */
  readonly droppedBytes: number;
}

export interface OutputRecorderParts {
  readonly limits: OutputLineLimits;
  readonly clock: Clock;
  readonly events: SandboxEvents;
  /** Gets the output of each call as a whole, once. */
  readonly onRecorded: (output: RecordedOutput) => void;
}

/**
 * Ties what a sandbox prints to the call it serves, within limits: line by line for the function's logs, as a whole for
 * the server's. The bytes come from the function and may forge anything, so they are only ever written as escaped
 * strings.
 */
export class OutputRecorder {
  private printedBy: RecordedFunction | undefined;
  private invocationId: string | undefined;
  private phase: LinePhase = 'load';
  private tail: OutputTail;
  /** Created with the first byte, since most calls print nothing. */
  private lines: OutputLines | undefined;

  constructor(private readonly parts: OutputRecorderParts) {
    this.tail = new OutputTail(parts.limits.outputBytes);
  }

  /** From now on what is printed is this function's; until now no function's code has run. */
  belongsTo(printedBy: RecordedFunction): void {
    this.printedBy = printedBy;
  }

  /** From now on what is printed belongs to this call. */
  startCall(invocationId: string): void {
    this.finish();
    this.invocationId = invocationId;
    this.phase = 'call';
  }

  append(stream: 'stdout' | 'stderr', bytes: Buffer, level?: LineLevel): void {
    this.tail.append(bytes);
    this.lines ??= new OutputLines(this.parts.limits, (line) => {
      this.record(line);
    });
    this.lines.append(stream, bytes, level);
  }

  /** A line of the server's own in the function's log. The text must not come from a container. */
  say(level: LineLevel, text: string): void {
    this.record({ stream: 'runtime', level, text, isCut: false, droppedBytes: 0 });
  }

  /** Turns what is left into lines now, because no more is expected; lines of the server's own then come after it. */
  endLines(): void {
    this.lines?.finish();
    this.lines = undefined;
  }

  /** The last lines of the current call, for the error of a crash. */
  lastLines(): string {
    return this.tail.lastLines();
  }

  /** The call is over and the worker is idle: what is printed from now on belongs to no call. */
  becomeIdle(): void {
    this.finish();
    this.invocationId = undefined;
    this.phase = 'idle';
  }

  /** Hands over what was recorded since `startCall`; nothing is handed over twice. */
  finish(): void {
    if (this.tail.totalBytes === 0) return;
    this.endLines();
    this.parts.onRecorded({
      invocationId: this.invocationId,
      text: this.tail.text(),
      droppedBytes: this.tail.droppedBytes,
    });
    this.tail = new OutputTail(this.parts.limits.outputBytes);
  }

  private record(line: OutputLine): void {
    if (this.printedBy === undefined) return;
    this.parts.events.printed({
      ...line,
      function: this.printedBy,
      invocationId: this.invocationId ?? null,
      atMs: this.parts.clock.wallTime().getTime(),
      phase: this.phase,
    });
  }
}

interface OutputLimits {
  readonly prints: number;
  readonly bytes: number;
  /** How much of each is refilled in a second. */
  readonly printsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly when: string;
}

/** Far more than anybody reads of one call; up to this, a call that prints too fast is only slowed down. */
const ofCall: OutputLimits = {
  prints: 1_000_000,
  bytes: 256 * 1024 * 1024,
  printsPerSecond: 0,
  bytesPerSecond: 0,
  when: 'in one call',
};

/** Room for the last output of a call and an occasional line: no call pays for output between calls. */
const whileIdle: OutputLimits = {
  prints: 1000,
  bytes: 256 * 1024,
  printsPerSecond: 50,
  bytesPerSecond: 16 * 1024,
  when: 'while no call ran',
};

/**
 * How much one container may print, in a call and between calls, through its worker or past it. It counts and never
 * measures a speed: nobody loses a container because the machine was busy.
 */
export class OutputBudget {
  private limits = ofCall;
  private prints = 0;
  private bytes = 0;
  private countedAtMs = 0;

  constructor(private readonly clock: Clock) {}

  startCall(): void {
    this.reset(ofCall);
  }

  becomeIdle(): void {
    this.reset(whileIdle);
    this.countedAtMs = this.clock.monotonicMs();
  }

  /** Counts one print; if it exceeds a limit, returns a sentence about it for the function's author. */
  exceededBy(bytes: number): string | undefined {
    if (this.limits === whileIdle) this.giveBack();
    this.prints += 1;
    this.bytes += bytes;
    const { limits } = this;
    const what =
      this.prints > limits.prints
        ? `${limits.prints} times`
        : this.bytes > limits.bytes
          ? `${limits.bytes} bytes`
          : undefined;
    if (what === undefined) return undefined;
    return `The function printed more than ${what} ${limits.when}, and its container was removed; print less.`;
  }

  private reset(limits: OutputLimits): void {
    this.limits = limits;
    this.prints = 0;
    this.bytes = 0;
  }

  private giveBack(): void {
    const nowMs = this.clock.monotonicMs();
    const seconds = (nowMs - this.countedAtMs) / 1000;
    this.prints = Math.max(0, this.prints - seconds * this.limits.printsPerSecond);
    this.bytes = Math.max(0, this.bytes - seconds * this.limits.bytesPerSecond);
    this.countedAtMs = nowMs;
  }
}

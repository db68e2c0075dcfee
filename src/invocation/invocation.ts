import { Injectable } from '@nestjs/common';
import type { ErrorCode, Fault } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import type { Cancellation } from '../common/time/cancellation.js';
import type { Clock } from '../common/time/clock.js';
import type { DeployedFunction, FunctionTarget } from '../functions/function.js';
import type { Presentation } from '../ipc/protocol/messages.js';
import type { StreamedResult, WorkerResult } from '../ipc/worker-session.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';
import type { Trigger } from './trigger.js';

/** The order in which waiting callers are served; lower priorities wait longer, but never starve. */
export const callerPriorities = ['high', 'normal', 'low'] as const;

export type CallerPriority = (typeof callerPriorities)[number];

/** `background` is for what nobody waits for: it begins where callers leave room, within its share, and else waits. */
export const priorities = [...callerPriorities, 'background'] as const;

export type Priority = (typeof priorities)[number];

/**
 * A request to run a function, whatever triggered it. Only the name has been validated, against the allow-list; nothing
 * else in it is trusted.
 */
export interface Invocation {
  /** Its ids, which the trigger has made, and its timings. */
  readonly trace: InvocationTrace;
  readonly target: FunctionTarget;
  /** For logs and records. */
  readonly trigger: Trigger;
  /** Whose share it uses (`shareHolderOf`): the key of the caller, or all strangers; undefined on a server without keys. */
  readonly keyId: string | undefined;
  readonly payload: Payload;
  /** How the payload is presented to the handler. */
  readonly presentation: Presentation;
  readonly priority: Priority;
  /**
   * The trigger's deadline in monotonic milliseconds; waiting counts. The function's own time limit starts when the call
   * has its container; whichever comes first ends the call. Undefined if the trigger has none.
   */
  readonly deadlineMs: number | undefined;
  /** With `CLIENT_CLOSED` when nobody waits for the result any more, with `DRAINING` when the server stops. */
  readonly cancellation: Cancellation;
  /** Passes a streamed value on; settles when all of it is handed over or it broke off. */
  readonly sendStreamed: (value: StreamedResult) => Promise<void>;
}

/** The outcome of an invocation: the handler's response, buffered or already streamed to the trigger, or a failure. */
export type InvocationResult = WorkerResult | InvocationFailure;

export interface InvocationFailure {
  /** Whether to try again is for the trigger to decide, by whose fault it was. */
  readonly fault: Fault;
  /** A `DomainError`, unless it is unexpected. */
  readonly error: Error;
}

export function isFailure(result: InvocationResult): result is InvocationFailure {
  return 'error' in result;
}

const nothing = Buffer.alloc(0);

/**
 * The payload of an invocation, held in memory until its worker has answered: a slow reader or a long stream of the
 * response does not keep the request in memory.
 */
export class Payload {
  readonly bytes: number;
  private held: Buffer;
  private isHeld = true;

  /** `onDiscard` runs once, when the bytes are no longer held. */
  constructor(
    content: Buffer,
    private readonly onDiscard: () => void,
  ) {
    this.held = content;
    this.bytes = content.length;
  }

  /** Empty once it was discarded. */
  get content(): Buffer {
    return this.held;
  }

  /** May be called again, and then does nothing. */
  discard(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.held = nothing;
    this.onDiscard();
  }
}

/** The ids that a trigger gives an invocation, and its position in the trace. */
interface InvocationIdentity {
  readonly invocationId: string;
  /** 32 hexadecimal digits (https://www.w3.org/TR/trace-context/). */
  readonly traceId: string;
  /** The invocation's own span: the parent of whatever the function does. */
  readonly traceparent: string;
}

/** Where an invocation's time went, in milliseconds; what was not reached is undefined. */
export interface InvocationTimings {
  readonly queueMs?: number;
  readonly containerMs?: number;
  readonly origin?: SandboxOrigin;
  /** Up to the first byte of its response. */
  readonly handlerMs?: number;
  /** From there to the last byte of a streamed response. */
  readonly streamMs?: number;
  readonly streamedBytes?: number;
  /** From its arrival at admission to its end, however it ended. */
  readonly totalMs?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The ids and timings of one invocation. Each step is measured from the one before, and steps come in order; only the use
 * case records them, everyone else reads.
 */
export class InvocationTrace {
  private readonly times: Mutable<InvocationTimings> = {};
  private begunMs = 0;
  private lastStepMs = 0;

  constructor(
    readonly identity: InvocationIdentity,
    private readonly clock: Clock,
  ) {}

  get timings(): InvocationTimings {
    return this.times;
  }

  begins(): void {
    this.begunMs = this.clock.monotonicMs();
    this.lastStepMs = this.begunMs;
  }

  /** It may run. */
  admitted(): void {
    this.times.queueMs = this.step();
  }

  /** It has its container. */
  provided(origin: SandboxOrigin): void {
    this.times.containerMs = this.step();
    this.times.origin = origin;
  }

  /** Its handler has answered or failed, or nobody waits for it any more. */
  handled(): void {
    this.times.handlerMs = this.step();
  }

  /** Its streamed body has been passed on or broke off. */
  streamed(bytes: number): void {
    this.times.streamMs = this.step();
    this.times.streamedBytes = bytes;
  }

  ends(): void {
    this.times.totalMs = this.clock.monotonicMs() - this.begunMs;
  }

  private step(): number {
    const beganMs = this.lastStepMs;
    this.lastStepMs = this.clock.monotonicMs();
    return this.lastStepMs - beganMs;
  }
}

/** How a call ended, for the log and for listeners. */
export interface Outcome {
  readonly outcome: 'success' | ErrorCode;
  /** The function's status, if it was called over HTTP. */
  readonly statusCode?: number;
  readonly responseBytes: number;
  /** The response had started, so only its connection could be broken off; `outcome` says why. */
  readonly brokenOff?: boolean;
  /** The error that the caller got. */
  readonly reason?: string;
  /** What the function threw, with its stack: for its author; callers never get it. */
  readonly failure?: unknown;
}

/** A call that reached a function and has ended. */
export interface EndedCall extends Outcome {
  readonly invocation: Invocation;
  readonly deployed: DeployedFunction;
}

type EndedCallListener = (ended: EndedCall) => void;

/**
 * Publishes every ended call to the modules above, so that this one need not know them. Listeners run on the caller's
 * time: they take a few microseconds and never wait. What they throw is logged and affects nobody else.
 */
@Injectable()
export class EndedCalls {
  private readonly listeners: EndedCallListener[] = [];

  constructor(private readonly log: Log) {}

  onEnded(listener: EndedCallListener): void {
    this.listeners.push(listener);
  }

  publish(ended: EndedCall): void {
    for (const listener of this.listeners) {
      try {
        listener(ended);
      } catch (error) {
        this.log.error({ err: error }, 'a listener to ended calls failed');
      }
    }
  }
}

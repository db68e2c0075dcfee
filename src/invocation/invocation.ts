import { Injectable } from '@nestjs/common';
import type { ErrorCode, Fault } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import type { Cancellation } from '../common/time/cancellation.js';
import type { Clock } from '../common/time/clock.js';
import type { DeployedFunction, FunctionTarget } from '../functions/function.js';
import type { Presentation } from '../ipc/protocol/messages.js';
import type { StreamedResult, WorkerResult } from '../ipc/worker-session.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';

/** Which calls are served first where they have to wait; lower ones wait longer, and never for ever. */
export const priorities = ['high', 'normal', 'low'] as const;

export type Priority = (typeof priorities)[number];

/**
 * One wish to run a function, whatever triggered it. Nothing in it has been trusted yet but the name, which passed the
 * allow-list.
 */
export interface Invocation {
  /** Its ids, which the trigger has made, and where its time goes. */
  readonly trace: InvocationTrace;
  readonly target: FunctionTarget;
  /** What brought it here, such as `http`; for whoever reads about it. */
  readonly trigger: string;
  /** The key of the caller; undefined where none was needed. */
  readonly keyId: string | undefined;
  readonly payload: Payload;
  /** What the handler sees the payload as. */
  readonly presentation: Presentation;
  readonly priority: Priority;
  /**
   * When its trigger gives up, in monotonic milliseconds; waiting counts. The function's own limit counts besides, from
   * when it has its container, and whichever comes first ends the call. Undefined where the trigger has none.
   */
  readonly deadlineMs: number | undefined;
  /** With `CLIENT_CLOSED` when nobody waits for the result any more, with `DRAINING` when the server stops. */
  readonly cancellation: Cancellation;
  /** Begins a streamed value and passes it on; settles when all is handed over or it broke off. */
  readonly sendStreamed: (value: StreamedResult) => Promise<void>;
}

/** What came of an invocation: what the handler answered, whole or already streamed to the trigger, or a failure. */
export type InvocationResult = WorkerResult | InvocationFailure;

export interface InvocationFailure {
  /** Whether to try again is for the trigger to decide, by whose fault it was. */
  readonly fault: Fault;
  /** A `DomainError`, unless it is one that nobody foresaw. */
  readonly error: Error;
}

export function isFailure(result: InvocationResult): result is InvocationFailure {
  return 'error' in result;
}

const nothing = Buffer.alloc(0);

/**
 * What an invocation is given, held in memory until its worker has answered: a slow reader of the answer, or a stream
 * that lasts, holds nothing of what was asked.
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

/** What a trigger calls an invocation, and where it stands in the trace that it is part of. */
interface InvocationIdentity {
  readonly invocationId: string;
  /** 32 hexadecimal digits (https://www.w3.org/TR/trace-context/). */
  readonly traceId: string;
  /** Names the invocation itself as the parent of whatever the function does. */
  readonly traceparent: string;
}

/** Where an invocation's time went, in milliseconds; what was not reached is undefined. */
export interface InvocationTimings {
  readonly queueMs?: number;
  readonly containerMs?: number;
  readonly origin?: SandboxOrigin;
  /** Up to the first byte of its answer. */
  readonly handlerMs?: number;
  /** From there to the last byte, where the answer was streamed. */
  readonly streamMs?: number;
  readonly streamedBytes?: number;
  /** From its arrival at admission to the end, whatever it was. */
  readonly totalMs?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Follows one invocation: its ids and its times are here and nowhere else. Each step is measured from the step before,
 * and steps come in their order; only the use case records them, everybody else reads.
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

/** How a call ended, for the log and for whoever listens. */
export interface Outcome {
  readonly outcome: 'success' | ErrorCode;
  /** The status that the function answered with, where it was asked by HTTP. */
  readonly statusCode?: number;
  readonly responseBytes: number;
  /** The answer had begun, so that its connection was all that could be broken off; `outcome` says why. */
  readonly brokenOff?: boolean;
  /** What went wrong, as the caller was told. */
  readonly reason?: string;
  /** What the function threw, with its stack: its author needs that, and no caller gets it. */
  readonly failure?: unknown;
}

/** A call that reached a function and has ended. */
export interface EndedCall extends Outcome {
  readonly invocation: Invocation;
  readonly deployed: DeployedFunction;
}

type EndedCallListener = (ended: EndedCall) => void;

/**
 * Publishes every call that has ended to the modules above, so that this one need not know them. Listeners run on the
 * caller's time: they take a few microseconds, never wait, and what they throw is logged and reaches nobody else.
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

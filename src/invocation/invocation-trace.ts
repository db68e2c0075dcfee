import type { Clock } from '../common/time/clock.js';
import type { SandboxOrigin } from '../sandbox/sandbox.js';

/** What a trigger calls an invocation, and where it stands in the trace that it is part of. */
export interface InvocationIdentity {
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

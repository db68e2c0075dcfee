import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import type { DeployedFunction } from '../functions/function.js';
import type { Invocation } from './invocation.js';

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

export type EndedCallListener = (ended: EndedCall) => void;

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

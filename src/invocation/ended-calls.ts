import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import type { DeployedFunction } from '../functions/function.js';
import type { Invocation } from './invocation.js';

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

export type EndedCallListener = (ended: EndedCall) => void;

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

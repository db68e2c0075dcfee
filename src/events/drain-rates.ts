import { Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';

/** Weight of the newest interval in the average. */
const newestWeight = 0.1;

/** Told where nothing has left the queue yet, so that nothing is known. */
const unknownMs = 60_000;

const leastMs = 1000;
const mostMs = 60 * 60 * 1000;

interface Drain {
  /** Average time between two events that leave the queue. */
  intervalMs: number | undefined;
  lastLeftMs: number;
  /** When the place is free that the last refused one was told of. */
  promisedMs: number;
}

/**
 * How fast the events of each function leave its queue. A refused request is told when a place will be free: each the next one,
 * so that not all come back at the same time and all but one in vain.
 */
@Injectable()
export class DrainRates {
  private readonly drains = new Map<string, Drain>();

  constructor(private readonly clock: Clock) {}

  /** An event has ended. */
  left(functionId: string): void {
    const nowMs = this.clock.monotonicMs();
    const drain = this.drains.get(functionId);
    if (!drain) {
      this.drains.set(functionId, { intervalMs: undefined, lastLeftMs: nowMs, promisedMs: nowMs });
      return;
    }
    const tookMs = nowMs - drain.lastLeftMs;
    drain.intervalMs =
      drain.intervalMs === undefined ? tookMs : drain.intervalMs + newestWeight * (tookMs - drain.intervalMs);
    drain.lastLeftMs = nowMs;
  }

  retryAfterMs(functionId: string, queued: number): number {
    const drain = this.drains.get(functionId);
    if (drain?.intervalMs === undefined) return unknownMs;
    const nowMs = this.clock.monotonicMs();
    // Where nothing has left for longer than usual, that is how long it takes now.
    const intervalMs = Math.max(drain.intervalMs, nowMs - drain.lastLeftMs);
    // Nobody is told more than the time in which the whole queue has gone.
    drain.promisedMs = Math.min(Math.max(drain.promisedMs, nowMs) + intervalMs, nowMs + queued * intervalMs);
    return Math.min(mostMs, Math.max(leastMs, Math.ceil(drain.promisedMs - nowMs)));
  }

  forget(functionId: string): void {
    this.drains.delete(functionId);
  }
}

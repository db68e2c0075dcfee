import type { PoolBudget } from './pool-budget.js';

/** Running totals since the server's start; a later exporter reads them. */
export interface PoolCounters {
  /** Calls that found a sandbox ready. */
  hits: number;
  /** Calls that had to wait for one. */
  misses: number;
  makes: number;
  stemsMade: number;
  makesFailed: number;
  removals: number;
  /** Ready sandboxes that ended while they waited. */
  diedWaiting: number;
  /** Ready sandboxes removed because they kept a core busy while they waited. */
  busyWaiting: number;
  /** Ready sandboxes removed because the server had cut a connection of theirs. */
  cutWaiting: number;
}

export function zeroCounters(): PoolCounters {
  return {
    hits: 0,
    misses: 0,
    makes: 0,
    stemsMade: 0,
    makesFailed: 0,
    removals: 0,
    diedWaiting: 0,
    busyWaiting: 0,
    cutWaiting: 0,
  };
}

/** What stands, waits and is made at this moment, beside the totals. */
export interface PoolSnapshot extends Readonly<PoolCounters> {
  readonly functions: number;
  readonly ready: number;
  readonly busy: number;
  readonly waiting: number;
  readonly making: number;
  readonly stems: number;
  /** What may be kept ready. */
  readonly budget: PoolBudget;
}

import type { PoolBudget } from './pool-policy.js';

/** Totals since the server's start. */
export interface PoolCounters {
  /** Calls that found a sandbox ready. */
  hits: number;
  /** Calls that had to wait for one. */
  misses: number;
  /** Sandboxes for a function, and those without one, whose provisioning has started. */
  provisions: number;
  prewarmedProvisions: number;
  provisionFailures: number;
  removals: number;
  /** Idle sandboxes that ended by themselves. */
  idleEnded: number;
  /** Idle sandboxes removed because they kept a core busy. */
  idleBusy: number;
  /** Idle sandboxes removed because the server had cut a connection of theirs. */
  idleCut: number;
}

export function zeroCounters(): PoolCounters {
  return {
    hits: 0,
    misses: 0,
    provisions: 0,
    prewarmedProvisions: 0,
    provisionFailures: 0,
    removals: 0,
    idleEnded: 0,
    idleBusy: 0,
    idleCut: 0,
  };
}

/** The totals, and what is ready, busy, waiting or being provisioned at this moment. */
export interface PoolSnapshot extends Readonly<PoolCounters> {
  readonly functions: number;
  readonly ready: number;
  readonly busy: number;
  readonly waiting: number;
  readonly provisioning: number;
  readonly prewarmed: number;
  /** What is kept ready or being provisioned ahead of calls. */
  readonly kept: PoolBudget;
  /** What may be kept ready. */
  readonly budget: PoolBudget;
}

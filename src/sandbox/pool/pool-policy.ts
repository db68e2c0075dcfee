import type { FunctionSettings } from '../../functions/function.js';
import { arrivalsPerSecond, type ArrivalRate } from './arrival-rate.js';

/** What the policy knows of one revision of a function; a snapshot, so that every decision is a pure function of it and the clock. */
export interface PoolView {
  readonly settings: FunctionSettings;
  /** Sandboxes that could take a call now. */
  readonly available: number;
  /** Sandboxes on their way: containers being made or stems being loaded. */
  readonly making: number;
  /** Sandboxes serving a call. */
  readonly busy: number;
  /** Calls that wait for a sandbox. */
  readonly waiting: number;
  readonly arrivals: ArrivalRate;
  /** When the function was last called or deployed. */
  readonly lastUsefulAtMs: number;
  /** How long making one takes lately, in milliseconds. */
  readonly makeMs: number;
  /** Nothing is made ahead of calls: the code failed to load, or kept a core busy while it waited. */
  readonly onDemandOnly: boolean;
  /** No new call will find this revision: those in flight and in line are served, nothing else is made. */
  readonly closed: boolean;
}

/** How many sandboxes should stand ready for calls that have not come yet. */
export function wantedAhead(view: PoolView, nowMs: number): number {
  if (view.closed || view.onDemandOnly) return 0;
  const { minContainers, maxContainers, isolation } = view.settings;
  if (isolation === 'warm') return wantedWarm(view, nowMs);
  if (isIdle(view, nowMs)) return minContainers;
  // While one is made, `expected` calls arrive on average; two standard deviations cover most of the rest, and one
  // more stands for the call that nobody expected.
  const expected = (arrivalsPerSecond(view.arrivals, nowMs) * view.makeMs) / 1000;
  const wanted = 1 + Math.ceil(expected + 2 * Math.sqrt(expected));
  return Math.min(Math.max(wanted, minContainers), maxContainers);
}

/** A warm function keeps what demand has made until it is idle; ahead of calls it is given one, or its minimum. */
function wantedWarm(view: PoolView, nowMs: number): number {
  const { minContainers, maxContainers } = view.settings;
  const kept = isIdle(view, nowMs) ? minContainers : Math.max(minContainers, 1);
  return Math.max(0, Math.min(kept, maxContainers) - view.busy - view.waiting);
}

export function isIdle(view: PoolView, nowMs: number): boolean {
  return nowMs - view.lastUsefulAtMs >= view.settings.idleTimeoutSeconds * 1000;
}

/** Calls that nothing in the making will serve. A warm function never has more containers than its maximum. */
export function missingForCalls(view: PoolView): number {
  const missing = Math.max(0, view.waiting - view.making);
  if (view.settings.isolation === 'fresh') return missing;
  const room = view.settings.maxContainers - view.busy - view.making - view.available;
  return Math.max(0, Math.min(missing, room));
}

/** Sandboxes to make so that calls yet to come find one; calls that wait are `missingForCalls`. */
export function missingAhead(view: PoolView, nowMs: number): number {
  const comingUp = view.available + Math.max(0, view.making - view.waiting);
  return Math.max(0, wantedAhead(view, nowMs) - comingUp);
}

/** Available sandboxes that nobody needs any more. */
export function surplus(view: PoolView, nowMs: number): number {
  if (view.settings.isolation === 'warm' && !view.closed && !view.onDemandOnly && !isIdle(view, nowMs)) {
    return Math.max(0, view.available + view.busy - view.settings.maxContainers);
  }
  return Math.max(0, view.available - wantedAhead(view, nowMs));
}

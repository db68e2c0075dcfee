import type { FunctionSettings } from '../../functions/function.js';
import { defaultRuntime, type RuntimeName } from '../../runtimes/runtime.js';

/**
 * What the policy knows of one revision of a function: every decision is a pure function of it and the clock.
 */
export interface PoolView {
  readonly settings: FunctionSettings;
  /** Sandboxes that could take a call now. */
  readonly available: number;
  /** Sandboxes on their way: containers being started, or code being loaded into them. */
  readonly provisioning: number;
  /** Sandboxes serving a call. */
  readonly busy: number;
  /** Callers who wait for a sandbox, and calls in the background that do. */
  readonly waiting: number;
  readonly waitingInBackground: number;
  readonly arrivals: ArrivalRate;
  /** When the function was last called or deployed. */
  readonly lastUsefulAtMs: number;
  /** How long provisioning one has taken lately, in milliseconds. */
  readonly provisionMs: number;
  /** Nothing is provisioned ahead of calls: the code failed to load, or kept a core busy while it was idle. */
  readonly onDemandOnly: boolean;
  /** No new call will find this revision: those running or queued are served, nothing else is provisioned. */
  readonly closed: boolean;
}

/** How many sandboxes should be ready for calls that have not come yet. */
export function wantedAhead(view: PoolView, nowMs: number): number {
  if (view.closed || view.onDemandOnly) return 0;
  const { minContainers, maxContainers, isolation } = view.settings;
  if (isolation === 'warm') return wantedWarm(view, nowMs);
  if (isIdle(view, nowMs)) return minContainers;
  // While one is provisioned, `expected` calls arrive on average; two standard deviations cover most of the rest, and one
  // more covers an unexpected call.
  const expected = (arrivalsPerSecond(view.arrivals, nowMs) * view.provisionMs) / 1000;
  const wanted = 1 + Math.ceil(expected + 2 * Math.sqrt(expected));
  return Math.min(Math.max(wanted, minContainers), maxContainers);
}

/** A warm function keeps what demand has provisioned until it is idle; ahead of calls it gets one, or its minimum. */
function wantedWarm(view: PoolView, nowMs: number): number {
  const { minContainers, maxContainers } = view.settings;
  const kept = isIdle(view, nowMs) ? minContainers : Math.max(minContainers, 1);
  return Math.max(0, Math.min(kept, maxContainers) - view.busy - view.waiting - view.waitingInBackground);
}

export function isIdle(view: PoolView, nowMs: number): boolean {
  return nowMs - view.lastUsefulAtMs >= view.settings.idleTimeoutSeconds * 1000;
}

/** Callers whom nothing being provisioned will serve. */
export function callDeficit(view: PoolView): number {
  return withinMaximum(view, view.waiting - view.provisioning);
}

/** Calls in the background that nothing being provisioned will serve: callers get that first. */
export function backgroundDeficit(view: PoolView): number {
  return withinMaximum(view, view.waitingInBackground - Math.max(0, view.provisioning - view.waiting));
}

/** A warm function never has more containers than its maximum. */
function withinMaximum(view: PoolView, missing: number): number {
  if (view.settings.isolation === 'fresh') return Math.max(0, missing);
  const room = view.settings.maxContainers - view.busy - view.provisioning - view.available;
  return Math.max(0, Math.min(missing, room));
}

/** Sandboxes kept, or being provisioned ahead of calls. */
export function keptBy({ available, provisioning, waiting, waitingInBackground }: PoolView): number {
  return available + Math.max(0, provisioning - waiting - waitingInBackground);
}

/** Sandboxes to provision so that calls yet to come find one; for those that wait see `callDeficit` and `backgroundDeficit`. */
export function readyDeficit(view: PoolView, nowMs: number): number {
  return Math.max(0, wantedAhead(view, nowMs) - keptBy(view));
}

/** Idle sandboxes that nobody needs any more. */
export function surplus(view: PoolView, nowMs: number): number {
  if (view.settings.isolation === 'warm' && !view.closed && !view.onDemandOnly && !isIdle(view, nowMs)) {
    return Math.max(0, view.available + view.busy - view.settings.maxContainers);
  }
  return Math.max(0, view.available - wantedAhead(view, nowMs));
}

/** The runtimes of which containers are prewarmed: the default one, and those of functions that are not idle. */
export function usedRuntimes(views: Iterable<PoolView>, nowMs: number): ReadonlySet<RuntimeName> {
  const used = new Set([defaultRuntime]);
  for (const view of views) {
    if (!view.closed && !isIdle(view, nowMs)) used.add(view.settings.runtime);
  }
  return used;
}

/** How often a function is called, as an exponentially fading count; a value, never changed in place. */
export interface ArrivalRate {
  /** Calls, each fading by half every `halfLifeMs`. */
  readonly weight: number;
  readonly atMs: number;
}

/** Half of the count fades in ten seconds: short enough to follow a burst, long enough to span one call a second. */
const halfLifeMs = 10_000;

export const noArrivals: ArrivalRate = { weight: 0, atMs: 0 };

export function withArrival(rate: ArrivalRate, nowMs: number): ArrivalRate {
  return { weight: fadedWeight(rate, nowMs) + 1, atMs: nowMs };
}

/** Estimated calls a second, now. */
export function arrivalsPerSecond(rate: ArrivalRate, nowMs: number): number {
  // A steady stream of r calls a second has the weight r * halfLife / ln 2.
  return (fadedWeight(rate, nowMs) * Math.LN2 * 1000) / halfLifeMs;
}

function fadedWeight(rate: ArrivalRate, nowMs: number): number {
  return rate.weight * 2 ** ((rate.atMs - nowMs) / halfLifeMs);
}

/** What may be kept ready at once, over all functions. */
export interface PoolBudget {
  readonly containers: number;
  readonly memoryMiB: number;
}

/** One pool's share of what is kept ready. */
export interface KeptShare {
  readonly poolKey: string;
  /** Containers kept or being provisioned ahead of calls. */
  readonly containers: number;
  /** Memory limit of each. */
  readonly memoryMiB: number;
  /** When the function was last called or deployed. */
  readonly lastUsefulAtMs: number;
}

/** Whether one more container of `memoryMiB` fits beside what is kept. */
export function fits(kept: PoolBudget, budget: PoolBudget, memoryMiB: number): boolean {
  return kept.containers + 1 <= budget.containers && kept.memoryMiB + memoryMiB <= budget.memoryMiB;
}

/** Whether more is kept than allowed: a deploy keeps its container first and makes room afterwards. */
export function exceeds(kept: PoolBudget, budget: PoolBudget): boolean {
  return kept.containers > budget.containers || kept.memoryMiB > budget.memoryMiB;
}

/**
 * The pool that gives up a container so that `forPoolKey` can have one: the least recently useful, and only
 * if it was useful longer ago. Undefined if there is none.
 */
export function givesWay(shares: Iterable<KeptShare>, forPoolKey: string): string | undefined {
  const all = [...shares];
  const asking = all.find((share) => share.poolKey === forPoolKey);
  const askingUsefulAtMs = asking?.lastUsefulAtMs ?? Number.POSITIVE_INFINITY;
  const oldest = leastUseful(all.filter((share) => share.poolKey !== forPoolKey));
  return oldest && oldest.lastUsefulAtMs < askingUsefulAtMs ? oldest.poolKey : undefined;
}

/** A container that a pool wants to keep ready. */
export interface Wanted {
  readonly poolKey: string;
  readonly memoryMiB: number;
}

/**
 * The pools that give up a container each, in this order, so that the wanted one can be kept; containers differ
 * in size, so there may be several. Undefined when it would not fit beside those that need not give way.
 */
export function roomMakers(
  shares: Iterable<KeptShare>,
  budget: PoolBudget,
  { poolKey, memoryMiB }: Wanted,
): string[] | undefined {
  let left = [...shares];
  const makers: string[] = [];
  while (!fits(totalOf(left), budget, memoryMiB)) {
    const giver = givesWay(left, poolKey);
    if (giver === undefined) return undefined;
    makers.push(giver);
    left = left.map((share) =>
      share.poolKey === giver ? { ...share, containers: share.containers - 1 } : share,
    );
  }
  return makers;
}

/** The least recently useful pool of those that keep something. */
export function leastUseful(shares: Iterable<KeptShare>): KeptShare | undefined {
  const keeping = [...shares].filter((share) => share.containers > 0);
  return keeping.sort((a, b) => a.lastUsefulAtMs - b.lastUsefulAtMs)[0];
}

/** What is kept ready, all pools together. */
export function totalOf(shares: Iterable<KeptShare>): PoolBudget {
  let containers = 0;
  let memoryMiB = 0;
  for (const share of shares) {
    containers += share.containers;
    memoryMiB += share.containers * share.memoryMiB;
  }
  return { containers, memoryMiB };
}

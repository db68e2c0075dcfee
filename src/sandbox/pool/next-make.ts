import { missingAhead, missingForCalls, type PoolView } from './pool-policy.js';

/** What to make next, in the order in which it helps. */
export type Make =
  | { readonly kind: 'for-call'; readonly poolKey: string }
  | { readonly kind: 'stem' }
  | { readonly kind: 'ahead'; readonly poolKey: string };

export interface MakingView {
  readonly pools: ReadonlyMap<string, PoolView>;
  /** Stems that stand ready or are being made, and how many there should be. */
  readonly stems: number;
  readonly wantedStems: number;
  /** Nothing is made but for calls. */
  readonly callsFirst: boolean;
  /** Whether one more container may be created for nobody in particular. */
  readonly mayCreateStem: boolean;
  /** Whether one more container may be created for the function, which has a share of those being created. */
  readonly mayCreate: (poolKey: string) => boolean;
  /** Whether a stem stands ready that may become the function's, so that none has to be created. */
  readonly hasStem: (poolKey: string) => boolean;
  /** Until when nothing is made ahead for a function, after failures; monotonic milliseconds. */
  readonly pausedUntilMs: ReadonlyMap<string, number>;
}

/**
 * Calls that wait come first; among their functions the one with the fewest containers in the making, so that a burst
 * on one function does not starve another. Then stems, which help everyone, then what is made ahead, for the most
 * recently useful function first: where that one finds no room in the budget, no other would.
 */
export function nextMake(view: MakingView, nowMs: number): Make | undefined {
  const waiting = smallest(view.pools, (pool, poolKey) => {
    if (missingForCalls(pool) === 0) return undefined;
    return view.hasStem(poolKey) || view.mayCreate(poolKey) ? pool.making : undefined;
  });
  if (waiting !== undefined) return { kind: 'for-call', poolKey: waiting };
  if (view.callsFirst) return undefined;
  if (view.stems < view.wantedStems && view.mayCreateStem) return { kind: 'stem' };
  const ahead = smallest(view.pools, (pool, poolKey) => {
    const paused = nowMs < (view.pausedUntilMs.get(poolKey) ?? 0) || !view.mayCreate(poolKey);
    return paused || missingAhead(pool, nowMs) === 0 ? undefined : -pool.lastUsefulAtMs;
  });
  return ahead === undefined ? undefined : { kind: 'ahead', poolKey: ahead };
}

/** The function with the smallest rank; those ranked undefined do not take part. */
function smallest(
  pools: ReadonlyMap<string, PoolView>,
  rankOf: (pool: PoolView, poolKey: string) => number | undefined,
): string | undefined {
  let chosen: string | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const [poolKey, pool] of pools) {
    const rank = rankOf(pool, poolKey);
    if (rank === undefined || rank >= best) continue;
    chosen = poolKey;
    best = rank;
  }
  return chosen;
}

import type { RuntimeName } from '../../runtimes/runtime.js';
import { backgroundDeficit, callDeficit, readyDeficit, type PoolView } from './pool-policy.js';

/** What to provision next. */
export type Provision =
  | { readonly kind: 'for-call'; readonly poolKey: string }
  | { readonly kind: 'prewarmed'; readonly runtime: RuntimeName }
  | { readonly kind: 'ahead'; readonly poolKey: string }
  | { readonly kind: 'for-background'; readonly poolKey: string };

/** Prewarmed containers of one runtime. */
export interface PrewarmedView {
  readonly runtime: RuntimeName;
  /** Those that are ready or being provisioned, and how many there should be. */
  readonly count: number;
  readonly wanted: number;
}

export interface ProvisionView {
  readonly pools: ReadonlyMap<string, PoolView>;
  /** Of each runtime that is used; the one that has the fewest is next. */
  readonly prewarmed: readonly PrewarmedView[];
  /** Only callers who wait get a container. */
  readonly isBackingOff: boolean;
  /** Whether the budget may have room for more that is ready; false once it had none for what was next. */
  readonly hasRoomAhead: boolean;
  /** Whether one more container may be created that belongs to no function yet. */
  readonly mayCreatePrewarmed: boolean;
  /** Whether one more container may be created for the function, which has a share of those being created. */
  readonly mayCreate: (poolKey: string) => boolean;
  /** Whether one more container may be created for a call in the background. */
  readonly mayCreateInBackground: boolean;
  /** Whether a prewarmed container can become the function's, so that none has to be created. */
  readonly hasPrewarmed: (poolKey: string) => boolean;
  /** Whether failures have paused provisioning ahead for the function. */
  readonly isPaused: (poolKey: string) => boolean;
}

/**
 * Callers who wait come first; among their functions the one with the fewest containers being provisioned, so that a
 * burst on one function does not starve another. Then prewarmed containers, which help everyone, then ready ones, for
 * the most recently useful function first: if that one finds no room in the budget, no other would. Calls in the background
 * come last. Theirs are created for them: what is ready or prewarmed is there for callers.
 */
export function nextProvision(view: ProvisionView, nowMs: number): Provision | undefined {
  const waiting = smallest(view.pools, (pool, poolKey) => {
    if (callDeficit(pool) === 0) return undefined;
    return view.hasPrewarmed(poolKey) || view.mayCreate(poolKey) ? pool.provisioning : undefined;
  });
  if (waiting !== undefined) return { kind: 'for-call', poolKey: waiting };
  if (view.isBackingOff) return undefined;
  const ahead = view.hasRoomAhead ? nextAhead(view, nowMs) : undefined;
  if (ahead) return ahead;
  if (!view.mayCreateInBackground) return undefined;
  const background = smallest(view.pools, (pool) =>
    backgroundDeficit(pool) === 0 ? undefined : pool.provisioning,
  );
  return background === undefined ? undefined : { kind: 'for-background', poolKey: background };
}

/** What nobody waits for yet. */
function nextAhead(view: ProvisionView, nowMs: number): Provision | undefined {
  const [scarcest] = view.prewarmed
    .filter(({ count, wanted }) => count < wanted)
    .sort((one, other) => one.count - other.count);
  if (scarcest && view.mayCreatePrewarmed) return { kind: 'prewarmed', runtime: scarcest.runtime };
  const ahead = smallest(view.pools, (pool, poolKey) => {
    if (view.isPaused(poolKey) || !view.mayCreate(poolKey)) return undefined;
    return readyDeficit(pool, nowMs) === 0 ? undefined : -pool.lastUsefulAtMs;
  });
  return ahead === undefined ? undefined : { kind: 'ahead', poolKey: ahead };
}

/** The function with the smallest rank; those without a rank do not take part. */
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

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
export function fits(shares: Iterable<KeptShare>, budget: PoolBudget, memoryMiB: number): boolean {
  const kept = totalOf(shares);
  return kept.containers + 1 <= budget.containers && kept.memoryMiB + memoryMiB <= budget.memoryMiB;
}

/** Whether more is kept than allowed: a deploy keeps its container first and makes room afterwards. */
export function exceeds(shares: Iterable<KeptShare>, budget: PoolBudget): boolean {
  const kept = totalOf(shares);
  return kept.containers > budget.containers || kept.memoryMiB > budget.memoryMiB;
}

/**
 * The pool that gives up a container so that `forPoolKey` can have one: the least recently useful, and only
 * if it was useful longer ago. Undefined when nobody should.
 */
export function givesWay(shares: Iterable<KeptShare>, forPoolKey: string): string | undefined {
  const all = [...shares];
  const asking = all.find((share) => share.poolKey === forPoolKey);
  const askingUsefulAtMs = asking?.lastUsefulAtMs ?? Number.POSITIVE_INFINITY;
  const oldest = leastUseful(all.filter((share) => share.poolKey !== forPoolKey));
  return oldest && oldest.lastUsefulAtMs < askingUsefulAtMs ? oldest.poolKey : undefined;
}

/** A container that somebody wants to keep ready. */
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
  while (!fits(left, budget, memoryMiB)) {
    const giver = givesWay(left, poolKey);
    if (giver === undefined) return undefined;
    makers.push(giver);
    left = left.map((share) =>
      share.poolKey === giver ? { ...share, containers: share.containers - 1 } : share,
    );
  }
  return makers;
}

/** Of those that keep something, the pool that was useful longest ago. */
export function leastUseful(shares: Iterable<KeptShare>): KeptShare | undefined {
  const keeping = [...shares].filter((share) => share.containers > 0);
  return keeping.sort((a, b) => a.lastUsefulAtMs - b.lastUsefulAtMs)[0];
}

function totalOf(shares: Iterable<KeptShare>): { containers: number; memoryMiB: number } {
  let containers = 0;
  let memoryMiB = 0;
  for (const share of shares) {
    containers += share.containers;
    memoryMiB += share.containers * share.memoryMiB;
  }
  return { containers, memoryMiB };
}

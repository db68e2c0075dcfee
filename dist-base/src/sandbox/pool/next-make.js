import { missingAhead, missingForCalls } from './pool-policy.js';
/**
 * Calls that wait come first; among their functions the one with the fewest containers in the making, so that a burst
 * on one function does not starve another. Then stems, which help everyone, then what is made ahead, for the most
 * recently useful function first: where that one finds no room in the budget, no other would.
 */ export function nextMake(view, nowMs) {
    const waiting = smallest(view.pools, (pool, poolKey)=>{
        if (missingForCalls(pool) === 0) return undefined;
        return view.hasStem(poolKey) || view.mayCreate(poolKey) ? pool.making : undefined;
    });
    if (waiting !== undefined) return {
        kind: 'for-call',
        poolKey: waiting
    };
    if (view.callsFirst) return undefined;
    if (view.stems < view.wantedStems && view.mayCreateStem) return {
        kind: 'stem'
    };
    const ahead = smallest(view.pools, (pool, poolKey)=>{
        const paused = nowMs < (view.pausedUntilMs.get(poolKey) ?? 0) || !view.mayCreate(poolKey);
        return paused || missingAhead(pool, nowMs) === 0 ? undefined : -pool.lastUsefulAtMs;
    });
    return ahead === undefined ? undefined : {
        kind: 'ahead',
        poolKey: ahead
    };
}
/** The function with the smallest rank; those ranked undefined do not take part. */ function smallest(pools, rankOf) {
    let chosen;
    let best = Number.POSITIVE_INFINITY;
    for (const [poolKey, pool] of pools){
        const rank = rankOf(pool, poolKey);
        if (rank === undefined || rank >= best) continue;
        chosen = poolKey;
        best = rank;
    }
    return chosen;
}

//# sourceMappingURL=next-make.js.map
/** What may be kept ready at once, over all functions. */ /** Whether one more container of `memoryMiB` fits beside what is kept. */ export function fits(shares, budget, memoryMiB) {
    const kept = totalOf(shares);
    return kept.containers + 1 <= budget.containers && kept.memoryMiB + memoryMiB <= budget.memoryMiB;
}
/** Whether more is kept than may be: a deploy keeps its container first and makes room afterwards. */ export function exceeds(shares, budget) {
    const kept = totalOf(shares);
    return kept.containers > budget.containers || kept.memoryMiB > budget.memoryMiB;
}
/**
 * The pool that gives up a container so that `forPoolKey` can have one: the least recently useful, and only
 * if it was useful longer ago. Undefined when nobody should.
 */ export function givesWay(shares, forPoolKey) {
    const all = [
        ...shares
    ];
    const asking = all.find((share)=>share.poolKey === forPoolKey);
    const askingUsefulAtMs = asking?.lastUsefulAtMs ?? Number.POSITIVE_INFINITY;
    const oldest = leastUseful(all.filter((share)=>share.poolKey !== forPoolKey));
    return oldest && oldest.lastUsefulAtMs < askingUsefulAtMs ? oldest.poolKey : undefined;
}
/**
 * The pools that give up a container each, in this order, so that the wanted one can be kept; containers differ
 * in size, so there may be several. Undefined when it would not fit beside those that need not give way.
 */ export function roomMakers(shares, budget, { poolKey, memoryMiB }) {
    let left = [
        ...shares
    ];
    const makers = [];
    while(!fits(left, budget, memoryMiB)){
        const giver = givesWay(left, poolKey);
        if (giver === undefined) return undefined;
        makers.push(giver);
        left = left.map((share)=>share.poolKey === giver ? {
                ...share,
                containers: share.containers - 1
            } : share);
    }
    return makers;
}
/** Of those that keep something, the pool that was useful longest ago. */ export function leastUseful(shares) {
    const keeping = [
        ...shares
    ].filter((share)=>share.containers > 0);
    return keeping.sort((a, b)=>a.lastUsefulAtMs - b.lastUsefulAtMs)[0];
}
function totalOf(shares) {
    let containers = 0;
    let memoryMiB = 0;
    for (const share of shares){
        containers += share.containers;
        memoryMiB += share.containers * share.memoryMiB;
    }
    return {
        containers,
        memoryMiB
    };
}

//# sourceMappingURL=pool-budget.js.map
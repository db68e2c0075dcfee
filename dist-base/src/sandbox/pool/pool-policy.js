import { arrivalsPerSecond } from './arrival-rate.js';
/** How many sandboxes should stand ready for calls that have not come yet. */ export function wantedAhead(view, nowMs) {
    if (view.closed || view.onDemandOnly) return 0;
    const { minContainers, maxContainers, isolation } = view.settings;
    if (isolation === 'warm') return wantedWarm(view, nowMs);
    if (isIdle(view, nowMs)) return minContainers;
    // While one is made, `expected` calls arrive on average; two standard deviations cover most of the rest, and one
    // more stands for the call that nobody expected.
    const expected = arrivalsPerSecond(view.arrivals, nowMs) * view.makeMs / 1000;
    const wanted = 1 + Math.ceil(expected + 2 * Math.sqrt(expected));
    return Math.min(Math.max(wanted, minContainers), maxContainers);
}
/** A warm function keeps what demand has made until it is idle; ahead of calls it is given one, or its minimum. */ function wantedWarm(view, nowMs) {
    const { minContainers, maxContainers } = view.settings;
    const kept = isIdle(view, nowMs) ? minContainers : Math.max(minContainers, 1);
    return Math.max(0, Math.min(kept, maxContainers) - view.busy - view.waiting);
}
export function isIdle(view, nowMs) {
    return nowMs - view.lastUsefulAtMs >= view.settings.idleTimeoutSeconds * 1000;
}
/** Calls that nothing in the making will serve. A warm function never has more containers than its maximum. */ export function missingForCalls(view) {
    const missing = Math.max(0, view.waiting - view.making);
    if (view.settings.isolation === 'fresh') return missing;
    const room = view.settings.maxContainers - view.busy - view.making - view.available;
    return Math.max(0, Math.min(missing, room));
}
/** Sandboxes to make so that calls yet to come find one; calls that wait are `missingForCalls`. */ export function missingAhead(view, nowMs) {
    const comingUp = view.available + Math.max(0, view.making - view.waiting);
    return Math.max(0, wantedAhead(view, nowMs) - comingUp);
}
/** Available sandboxes that nobody needs any more. */ export function surplus(view, nowMs) {
    if (view.settings.isolation === 'warm' && !view.closed && !view.onDemandOnly && !isIdle(view, nowMs)) {
        return Math.max(0, view.available + view.busy - view.settings.maxContainers);
    }
    return Math.max(0, view.available - wantedAhead(view, nowMs));
}

//# sourceMappingURL=pool-policy.js.map
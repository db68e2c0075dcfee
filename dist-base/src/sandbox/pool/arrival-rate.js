/** How often a function is called, as an exponentially fading count; a value, never changed in place. */ /** Half of what is known fades in ten seconds: short enough to follow a burst, long enough to span one call a second. */ const halfLifeMs = 10_000;
export const noArrivals = {
    weight: 0,
    atMs: 0
};
export function withArrival(rate, nowMs) {
    return {
        weight: fadedWeight(rate, nowMs) + 1,
        atMs: nowMs
    };
}
/** Estimated calls a second, now. */ export function arrivalsPerSecond(rate, nowMs) {
    // A steady stream of r calls a second has the weight r * halfLife / ln 2.
    return fadedWeight(rate, nowMs) * Math.LN2 * 1000 / halfLifeMs;
}
function fadedWeight(rate, nowMs) {
    return rate.weight * 2 ** ((rate.atMs - nowMs) / halfLifeMs);
}

//# sourceMappingURL=arrival-rate.js.map
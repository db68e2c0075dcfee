export function zeroCounters() {
    return {
        hits: 0,
        misses: 0,
        makes: 0,
        stemsMade: 0,
        makesFailed: 0,
        removals: 0,
        diedWaiting: 0,
        busyWaiting: 0
    };
}

//# sourceMappingURL=pool-counters.js.map
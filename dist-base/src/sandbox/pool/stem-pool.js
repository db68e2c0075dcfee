/** After a stem could not be made: wait, each time twice as long, at most a minute. */ const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** Booted sandboxes without a function. Holds state only; `MakeQueue` makes them. */ export class StemPool {
    making = 0;
    stems = [];
    pausedUntilMs = 0;
    pauseMs = firstPauseMs;
    get count() {
        return this.stems.length;
    }
    isPaused(nowMs) {
        return nowMs < this.pausedUntilMs;
    }
    keep(stem) {
        this.stems.push(stem);
        this.pauseMs = firstPauseMs;
    }
    /** The oldest first: it has had the longest time to come to rest. */ take() {
        return this.stems.shift();
    }
    /** Forgets a stem; false when it was not among them. */ drop(stem) {
        const index = this.stems.indexOf(stem);
        if (index >= 0) this.stems.splice(index, 1);
        return index >= 0;
    }
    pause(nowMs) {
        this.pausedUntilMs = nowMs + this.pauseMs;
        this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
    }
}

//# sourceMappingURL=stem-pool.js.map
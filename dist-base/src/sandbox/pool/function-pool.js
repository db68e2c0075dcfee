import { noArrivals, withArrival } from './arrival-rate.js';
/** After a failure to make one ahead of calls: wait, each time twice as long, at most a minute. */ const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** Weight of the newest measurement in the running average of the making time. */ const newestWeight = 0.3;
/** The sandboxes of one revision of a function, and the calls that wait for them. Holds state only; `SandboxService` decides and acts. */ export class FunctionPool {
    deployed;
    making = 0;
    busy = 0;
    onDemandOnly = false;
    closed = false;
    pausedUntilMs = 0;
    available = [];
    waiters = [];
    arrivals = noArrivals;
    lastUsefulAtMs;
    makeMs = 300;
    pauseMs = firstPauseMs;
    constructor(deployed, nowMs){
        this.deployed = deployed;
        this.lastUsefulAtMs = nowMs;
    }
    view() {
        return {
            settings: this.deployed.settings,
            available: this.available.length,
            making: this.making,
            busy: this.busy,
            waiting: this.waiters.length,
            arrivals: this.arrivals,
            lastUsefulAtMs: this.lastUsefulAtMs,
            makeMs: this.makeMs,
            onDemandOnly: this.onDemandOnly,
            closed: this.closed
        };
    }
    get isEmpty() {
        return this.making + this.busy + this.available.length + this.waiters.length === 0;
    }
    get waiting() {
        return this.available;
    }
    /** Calls go on as they came to the revision before, and making is likely to take as long. */ succeed(predecessor) {
        this.arrivals = predecessor.arrivals;
        this.makeMs = predecessor.makeMs;
    }
    called(nowMs) {
        this.arrivals = withArrival(this.arrivals, nowMs);
        this.lastUsefulAtMs = nowMs;
    }
    /** The newest first: what has been used last is warmest, and the oldest fall idle. */ take() {
        return this.available.pop();
    }
    /** The longest waiting, for removal. */ takeOldest() {
        return this.available.shift();
    }
    /** Gives the sandbox to the call that waits longest; false when none waits. */ give(sandbox) {
        const waiter = this.waiters.shift();
        waiter?.give(sandbox);
        return waiter !== undefined;
    }
    /** Keeps the sandbox ready for the next call. */ keep(sandbox) {
        this.available.push(sandbox);
    }
    /** Forgets an available sandbox; false when it was not among them. */ drop(sandbox) {
        const index = this.available.indexOf(sandbox);
        if (index >= 0) this.available.splice(index, 1);
        return index >= 0;
    }
    wait(waiter) {
        this.waiters.push(waiter);
    }
    /** The call left before it got a sandbox; false when it already had one. */ leave(waiter) {
        const index = this.waiters.indexOf(waiter);
        if (index >= 0) this.waiters.splice(index, 1);
        return index >= 0;
    }
    /** One failed making fails one call, the one that waits longest. */ failWaiter(error) {
        const waiter = this.waiters.shift();
        waiter?.fail(error);
        return waiter !== undefined;
    }
    made(tookMs) {
        this.makeMs += newestWeight * (tookMs - this.makeMs);
        this.pauseMs = firstPauseMs;
    }
    /** Nothing is made ahead for a while: the last one could not be made, or died while it waited. */ pause(nowMs) {
        this.pausedUntilMs = nowMs + this.pauseMs;
        this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
    }
}

//# sourceMappingURL=function-pool.js.map
function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { sandboxSettings } from '../sandbox.settings.js';
import { ReadyPools } from './ready-pools.js';
/** Shorter spans would count the end of loading as work. */ const shortestSpanMs = 2000;
/** Whether it did nothing but wait between two samples: what it used for a call is no reproach. */ export function hasOnlyWaited(earlier, later) {
    return earlier.callsServed === later.callsServed;
}
/** Share of one core used between two samples, in per cent; undefined when they are too close to tell. */ export function cpuPercentBetween(earlier, later) {
    const spanMs = later.atMs - earlier.atMs;
    return spanMs < shortestSpanMs ? undefined : 100 * (later.usedMs - earlier.usedMs) / spanMs;
}
export class RestGuard {
    pools;
    clock;
    log;
    settings;
    samples = new WeakMap();
    asking = false;
    constructor(pools, clock, log, settings){
        this.pools = pools;
        this.clock = clock;
        this.log = log;
        this.settings = settings;
    }
    async inspectOne() {
        const candidate = this.longestUnasked();
        if (!candidate || this.asking) return;
        this.asking = true;
        try {
            await this.inspect(candidate.pool, candidate.sandbox);
        } catch (error) {
            // A container that is just being removed cannot be read; the next round asks another.
            this.log.debug({
                err: error
            }, 'could not read the CPU time of a waiting container');
        } finally{
            this.asking = false;
        }
    }
    async inspect(pool, sandbox) {
        const { callsServed } = sandbox;
        const usedMs = await sandbox.container.cpuTimeMs();
        const sample = {
            usedMs,
            atMs: this.clock.monotonicMs(),
            callsServed
        };
        const last = this.samples.get(sandbox);
        const earlier = last && hasOnlyWaited(last, sample) ? last : undefined;
        const percent = earlier && cpuPercentBetween(earlier, sample);
        if (!earlier || percent !== undefined) this.samples.set(sandbox, sample);
        // It may have served a whole call while the answer was on its way.
        if (sandbox.callsServed !== callsServed) return;
        // A sandbox that has meanwhile been given a call is allowed to work.
        if (percent === undefined || percent <= this.settings.waitingCpuPercent || !pool.drop(sandbox)) return;
        pool.onDemandOnly = true;
        this.pools.counters.busyWaiting += 1;
        this.pools.dispose(sandbox);
        this.log.warn({
            function: pool.deployed.name,
            percent: Math.round(percent)
        }, 'a container used the CPU while it waited and was removed; its function is now made on demand');
    }
    longestUnasked() {
        let longest;
        let oldestMs = Number.POSITIVE_INFINITY;
        for (const resting of this.pools.resting()){
            const askedAtMs = this.samples.get(resting.sandbox)?.atMs ?? Number.NEGATIVE_INFINITY;
            if (askedAtMs >= oldestMs) continue;
            longest = resting;
            oldestMs = askedAtMs;
        }
        return longest;
    }
}
RestGuard = _ts_decorate([
    Injectable(),
    _ts_param(3, Inject(sandboxSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReadyPools === "undefined" ? Object : ReadyPools,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof SandboxSettings === "undefined" ? Object : SandboxSettings
    ])
], RestGuard);

//# sourceMappingURL=rest-guard.js.map
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
import { Clock } from '../common/time/clock.js';
import { MakeQueue } from './pool/make-queue.js';
import { missingForCalls } from './pool/pool-policy.js';
import { ReadyPools } from './pool/ready-pools.js';
import { RestGuard } from './pool/rest-guard.js';
import { sandboxSettings } from './sandbox.settings.js';
const reviewEveryMs = 1000;
/** A warm worker asks for its next call right after its answer; one that does not is still busy with the last. */ const idleWithinMs = 1000;
export class SandboxService {
    pools;
    makes;
    restGuard;
    clock;
    settings;
    cancelReview = ()=>undefined;
    /** Warm sandboxes after their call, until it is known whether they may have another. */ settling = new Set();
    constructor(pools, makes, restGuard, clock, settings){
        this.pools = pools;
        this.makes = makes;
        this.restGuard = restGuard;
        this.clock = clock;
        this.settings = settings;
    }
    /** Starts keeping sandboxes ready: stems, and those of these functions. */ begin(functions) {
        for (const deployed of functions)this.pools.poolOf(deployed);
        this.scheduleReview();
        this.makes.advance();
    }
    /** Rejects with the making's `DomainError`, or with the cancellation's reason when the client leaves first. */ async acquire(deployed, cancellation) {
        const pool = this.pools.poolOf(deployed);
        pool.called(this.clock.monotonicMs());
        const ready = this.pools.takeReady(pool);
        if (ready) {
            this.pools.counters.hits += 1;
            pool.busy += 1;
            if (deployed.settings.isolation === 'fresh') this.makes.advanceSoon();
            return {
                pool,
                sandbox: ready,
                origin: ready.callsServed === 0 ? 'fresh-pool' : 'warm'
            };
        }
        this.pools.counters.misses += 1;
        const sandbox = await this.waitFor(pool, cancellation);
        return {
            pool,
            sandbox,
            origin: sandbox.callsServed === 0 ? sandbox.madeAs : 'warm'
        };
    }
    /** After the call: a `fresh` sandbox is removed, a `warm` one that is provably idle serves the next call. */ release({ pool, sandbox }) {
        if (pool.deployed.settings.isolation === 'fresh' || this.isRetired(sandbox)) {
            pool.busy -= 1;
            this.pools.disposeSoon(sandbox);
            this.makes.advanceSoon();
            return;
        }
        this.settling.add(sandbox);
        sandbox.whenSettled(idleWithinMs, ()=>{
            this.settled(pool, sandbox);
        });
    }
    /**
   * Makes one sandbox ready ahead of the first call and keeps it. Rejects with the reason when the code does not load
   * or no container can be had.
   */ warmUp(deployed) {
        return this.makes.makeOne(this.pools.poolOf(deployed));
    }
    /** Whether anything of the function's stands ready, serves a call or is being made. */ keepsReady(deployed) {
        return this.pools.keeps(deployed);
    }
    /** Calls find `after` from now on; those that found `before` are served by it to their end. */ replace(before, after) {
        this.pools.replace(before, after);
        this.makes.advance();
    }
    /** Removes what `warmUp` made for a revision that no call will ever find. */ abandon(candidate) {
        this.pools.abandon(candidate);
    }
    /** Nothing is kept for a deleted function; its calls in flight finish. */ forget(deployed) {
        this.pools.close(deployed);
    }
    /** Removes every sandbox and makes no more; resolves when all is gone. */ async shutDown() {
        this.cancelReview();
        for (const sandbox of this.settling)this.pools.dispose(sandbox);
        await Promise.all([
            this.makes.shutDown(),
            this.pools.shutDown()
        ]);
        // What was being made or came back from its call as the pools closed is being removed since.
        await this.pools.shutDown();
    }
    /** Sums over all functions, for metrics and tests. */ snapshot() {
        const views = [
            ...this.pools.pools.values()
        ].map((pool)=>pool.view());
        const sum = (field)=>views.reduce((total, view)=>total + view[field], 0);
        return {
            ...this.pools.counters,
            functions: views.length,
            ready: sum('available'),
            busy: sum('busy'),
            waiting: sum('waiting'),
            making: this.makes.count,
            stems: this.pools.stems.count,
            budget: this.pools.budget
        };
    }
    async waitFor(pool, cancellation) {
        if (cancellation.reason) throw cancellation.reason;
        return new Promise((resolve, reject)=>{
            const waiter = {
                give: (sandbox)=>{
                    stopListening();
                    pool.busy += 1;
                    resolve(sandbox);
                },
                fail: (error)=>{
                    stopListening();
                    reject(error);
                }
            };
            const stopListening = cancellation.onCancel((reason)=>{
                if (pool.leave(waiter)) reject(reason);
            });
            pool.wait(waiter);
            // A warm function whose containers are all busy has nothing made for it: its call waits for one of them.
            if (missingForCalls(pool.view()) > 0) this.makes.advance();
        });
    }
    /** The worker asked for its next call, went away, or is still busy with the last one. */ settled(pool, sandbox) {
        this.settling.delete(sandbox);
        pool.busy -= 1;
        if (sandbox.isReady) {
            void sandbox.rest()?.then(()=>{
                this.replaceCrowded(pool, sandbox);
            });
            this.pools.offer(pool, sandbox);
        } else {
            this.pools.dispose(sandbox);
            this.makes.advance();
        }
    }
    /** One that is full of what its calls left running goes before a call gets it; where one has it, after that. */ replaceCrowded(pool, sandbox) {
        if (!sandbox.isCrowded || !pool.drop(sandbox)) return;
        this.pools.dispose(sandbox);
        this.makes.advance();
    }
    isRetired(sandbox) {
        if (sandbox.isCrowded) return true;
        const ageMs = this.clock.monotonicMs() - sandbox.readySinceMs;
        return sandbox.callsServed >= this.settings.warmCalls || ageMs >= this.settings.warmAgeSeconds * 1000;
    }
    scheduleReview() {
        this.cancelReview = this.clock.schedule(reviewEveryMs, ()=>{
            this.pools.review();
            this.makes.advance();
            void this.restGuard.inspectOne();
            this.scheduleReview();
        });
    }
}
SandboxService = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(sandboxSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReadyPools === "undefined" ? Object : ReadyPools,
        typeof MakeQueue === "undefined" ? Object : MakeQueue,
        typeof RestGuard === "undefined" ? Object : RestGuard,
        typeof Clock === "undefined" ? Object : Clock,
        typeof SandboxSettings === "undefined" ? Object : SandboxSettings
    ])
], SandboxService);

//# sourceMappingURL=sandbox.service.js.map
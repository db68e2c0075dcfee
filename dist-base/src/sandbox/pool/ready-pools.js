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
import { totalmem } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../../common/time/clock.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings } from '../sandbox.settings.js';
import { UnderWay } from '../under-way.js';
import { FunctionPool } from './function-pool.js';
import { OutdatedRevisions } from './outdated-revisions.js';
import { exceeds, leastUseful, roomMakers } from './pool-budget.js';
import { zeroCounters } from './pool-counters.js';
import { isIdle, surplus } from './pool-policy.js';
import { StemPool } from './stem-pool.js';
/** Stems belong to no function; under this key they take part in the budget. */ const stemShareKey = '';
export class ReadyPools {
    factory;
    clock;
    counters = zeroCounters();
    stems = new StemPool();
    outdated = new OutdatedRevisions();
    byPoolKey = new Map();
    removals = new UnderWay();
    budget;
    closed = false;
    constructor(factory, clock, settings){
        this.factory = factory;
        this.clock = clock;
        const halfOfMachineMiB = Math.floor(totalmem() / 2 / 1024 / 1024);
        this.budget = {
            containers: settings.budgetContainers,
            memoryMiB: settings.budgetMemoryMiB === 0 ? halfOfMachineMiB : settings.budgetMemoryMiB
        };
    }
    /** By revision of a function; those that keep nothing and are not called are not among them. */ get pools() {
        return this.byPoolKey;
    }
    poolOf(deployed) {
        const key = poolKeyOf(deployed);
        let pool = this.byPoolKey.get(key);
        if (!pool) {
            pool = new FunctionPool(deployed, this.clock.monotonicMs());
            pool.closed = this.outdated.has(deployed);
            this.byPoolKey.set(key, pool);
        }
        return pool;
    }
    /** A sandbox that stands ready, or undefined; one that died unnoticed is never given. */ takeReady(pool) {
        for(let sandbox = pool.take(); sandbox; sandbox = pool.take()){
            if (sandbox.isReady) return sandbox;
            this.dispose(sandbox);
        }
        return undefined;
    }
    /** Gives the sandbox to the call that waits longest, or keeps it ready; of an outdated revision none is kept. */ offer(pool, sandbox) {
        if (pool.give(sandbox)) return;
        if (this.closed || pool.closed || this.isTooLarge(pool)) {
            this.dispose(sandbox);
            return;
        }
        pool.keep(sandbox);
        this.shrinkToBudget();
    }
    keepStem(stem) {
        if (this.closed) {
            this.dispose(stem);
            return;
        }
        this.stems.keep(stem);
        void stem.gone.then(()=>{
            if (this.stems.drop(stem)) this.dispose(stem);
        });
    }
    /** A ready sandbox that ends while it waits is replaced, but not at once: it might do so for ever. */ watch(pool, sandbox) {
        void sandbox.gone.then(()=>{
            if (!pool.drop(sandbox)) return;
            this.counters.diedWaiting += 1;
            pool.pause(this.clock.monotonicMs());
            this.dispose(sandbox);
        });
    }
    dispose(sandbox) {
        this.counters.removals += 1;
        this.removals.add(sandbox.dispose());
    }
    /**
   * As `dispose`, once the answer is on its way: talking to the engine takes the event loop some milliseconds, which
   * would otherwise be the caller's.
   */ disposeSoon(sandbox) {
        this.removals.add(nextTurn().then(()=>{
            this.dispose(sandbox);
        }));
    }
    /** Whether anything of the function's is ready, busy or being made. */ keeps(deployed) {
        const pool = this.byPoolKey.get(poolKeyOf(deployed));
        return pool !== undefined && !pool.isEmpty;
    }
    /** Calls find `after` from now on; what was known of how the function is called goes over to it. */ replace(before, after) {
        const old = this.byPoolKey.get(poolKeyOf(before));
        if (old) this.poolOf(after).succeed(old);
        else if (after.settings.minContainers > 0) this.poolOf(after);
        this.close(before);
    }
    /**
   * No new call will find this revision: what waits for such is removed, calls in flight or already waiting are left
   * alone and served.
   */ close(deployed) {
        this.outdated.add(deployed, this.clock.monotonicMs());
        const pool = this.byPoolKey.get(poolKeyOf(deployed));
        if (pool) this.closePool(pool);
    }
    /** No call has found this revision, nor will; another one may become the function under its number. */ abandon(deployed) {
        const pool = this.byPoolKey.get(poolKeyOf(deployed));
        if (!pool) return;
        this.byPoolKey.delete(poolKeyOf(deployed));
        this.closePool(pool);
    }
    /** Once a second: lets go of what idle functions keep, and forgets the functions that keep nothing. */ review() {
        const nowMs = this.clock.monotonicMs();
        this.outdated.forgetOld(nowMs);
        for (const [poolKey, pool] of this.byPoolKey){
            this.trim(pool);
            if (pool.isEmpty && (pool.closed || isIdle(pool.view(), nowMs))) this.byPoolKey.delete(poolKey);
        }
    }
    makeRoomForStem() {
        return this.makeRoom({
            poolKey: stemShareKey,
            memoryMiB: this.factory.stemResources.memoryMiB
        });
    }
    /** Whether one more may be kept ready; the least recently useful functions give theirs up where they must. */ makeRoomFor(poolKey) {
        const pool = this.byPoolKey.get(poolKey);
        return pool !== undefined && this.makeRoom({
            poolKey,
            memoryMiB: pool.deployed.settings.memoryMiB
        });
    }
    /** Every sandbox that waits, for the guard that looks for those that do not rest. */ *resting() {
        for (const pool of this.byPoolKey.values()){
            for (const sandbox of pool.waiting)yield {
                pool,
                sandbox
            };
        }
    }
    /** Removes what waits; resolves when it is gone. */ async shutDown() {
        this.closed = true;
        for (const pool of this.byPoolKey.values())this.closePool(pool);
        for(let stem = this.stems.take(); stem; stem = this.stems.take())this.dispose(stem);
        await this.removals.settled();
    }
    makeRoom(wanted) {
        const makers = roomMakers(this.shares(), this.budget, wanted);
        // What is only being made cannot be given up.
        return makers?.every((poolKey)=>this.giveUpOne(poolKey)) ?? false;
    }
    /** Kept, it would make everybody else give way, and then go itself. */ isTooLarge({ deployed }) {
        return deployed.settings.memoryMiB > this.budget.memoryMiB;
    }
    closePool(pool) {
        pool.closed = true;
        this.trim(pool);
    }
    trim(pool) {
        const tooMany = surplus(pool.view(), this.clock.monotonicMs());
        for(let count = 0; count < tooMany; count += 1){
            const sandbox = pool.takeOldest();
            if (sandbox) this.dispose(sandbox);
        }
    }
    /** What is only being made cannot be given up; it is looked at again when it is there. */ shrinkToBudget() {
        while(exceeds(this.shares(), this.budget)){
            const giver = leastUseful(this.shares());
            if (!giver || !this.giveUpOne(giver.poolKey)) return;
        }
    }
    giveUpOne(poolKey) {
        const given = this.byPoolKey.get(poolKey)?.takeOldest();
        if (given) this.dispose(given);
        return given !== undefined;
    }
    *shares() {
        const { memoryMiB } = this.factory.stemResources;
        const stems = this.stems.count + this.stems.making;
        yield {
            poolKey: stemShareKey,
            containers: stems,
            memoryMiB,
            lastUsefulAtMs: Infinity
        };
        for (const [poolKey, pool] of this.byPoolKey){
            const { available, making, waiting, lastUsefulAtMs } = pool.view();
            const containers = available + Math.max(0, making - waiting);
            const { memoryMiB: ownMiB } = pool.deployed.settings;
            yield {
                poolKey,
                containers,
                memoryMiB: ownMiB,
                lastUsefulAtMs
            };
        }
    }
}
ReadyPools = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(sandboxSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SandboxFactory === "undefined" ? Object : SandboxFactory,
        typeof Clock === "undefined" ? Object : Clock,
        typeof SandboxSettings === "undefined" ? Object : SandboxSettings
    ])
], ReadyPools);
function poolKeyOf({ id, revision }) {
    return `${id}/${revision}`;
}

//# sourceMappingURL=ready-pools.js.map
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
import { DomainError } from '../../common/errors/domain-error.js';
import { faultOf } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { SharedBudget } from '../../common/shares/shared-budget.js';
import { shareOf, sharesSettings } from '../../common/shares/shares.settings.js';
import { Clock } from '../../common/time/clock.js';
import { SandboxFactory } from '../sandbox.factory.js';
import { sandboxSettings } from '../sandbox.settings.js';
import { UnderWay } from '../under-way.js';
import { CallsFirst } from './calls-first.js';
import { nextMake } from './next-make.js';
import { ReadyPools } from './ready-pools.js';
/** Longer than most calls take, short against the making of a container. */ const advanceDelayMs = 10;
export class MakeQueue {
    pools;
    factory;
    clock;
    log;
    settings;
    underWay = new UnderWay();
    callsFirst = new CallsFirst();
    creations;
    inFlight = 0;
    cancelAdvance;
    closed = false;
    constructor(pools, factory, clock, log, settings, { functionPercent }){
        this.pools = pools;
        this.factory = factory;
        this.clock = clock;
        this.log = log;
        this.settings = settings;
        const total = settings.parallelMakes;
        this.creations = new SharedBudget({
            total,
            share: shareOf(total, functionPercent)
        });
    }
    /** Sandboxes being made now. */ get count() {
        return this.inFlight;
    }
    /** Starts everything worth making that has room. Called after every change; does nothing when nothing changed. */ advance() {
        while(!this.closed){
            const make = this.next();
            if (!make || !this.start(make)) return;
        }
    }
    /** As `advance`, a little later: making a container beside a call would take the CPU that the call needs. */ advanceSoon() {
        if (this.closed) return;
        this.cancelAdvance ??= this.clock.schedule(advanceDelayMs, ()=>{
            this.cancelAdvance = undefined;
            this.advance();
        });
    }
    /** Makes one whatever else stands ready, and keeps it or gives it to a call. Rejects with why it could not. */ async makeOne(pool) {
        if (this.closed) throw draining();
        const making = this.make(pool, undefined);
        this.underWay.add(making.catch(()=>undefined));
        try {
            await making;
        } finally{
            this.advance();
        }
    }
    /** Makes no more; resolves when what was being made has settled, and what failed to be made is gone. */ async shutDown() {
        this.closed = true;
        this.cancelAdvance?.();
        await this.underWay.settled();
        await this.factory.settled();
    }
    next() {
        const nowMs = this.clock.monotonicMs();
        const { pools, stems } = this.pools;
        return nextMake({
            pools: new Map([
                ...pools
            ].map(([id, pool])=>[
                    id,
                    pool.view()
                ])),
            stems: stems.count + stems.making,
            wantedStems: stems.isPaused(nowMs) ? 0 : this.settings.stems,
            callsFirst: this.callsFirst.holds(nowMs),
            mayCreateStem: this.creations.shortageFor(undefined) === undefined,
            mayCreate: (poolKey)=>this.mayCreate(poolKey),
            hasStem: (poolKey)=>this.hasStem(poolKey),
            pausedUntilMs: new Map([
                ...pools
            ].map(([id, pool])=>[
                    id,
                    pool.pausedUntilMs
                ]))
        }, nowMs);
    }
    mayCreate(poolKey) {
        const pool = this.pools.pools.get(poolKey);
        return pool !== undefined && this.creations.shortageFor(pool.deployed.id) === undefined;
    }
    hasStem(poolKey) {
        const pool = this.pools.pools.get(poolKey);
        return pool !== undefined && this.pools.stems.count > 0 && this.factory.fitsStem(pool.deployed);
    }
    /** False when there is no room for what is only kept ahead. */ start(make) {
        switch(make.kind){
            case 'for-call':
                this.startForCall(make.poolKey);
                return true;
            case 'stem':
                if (!this.pools.makeRoomForStem()) return false;
                this.underWay.add(this.makeStem());
                return true;
            case 'ahead':
                if (!this.pools.makeRoomFor(make.poolKey)) return false;
                this.startAhead(make.poolKey);
                return true;
            default:
                return make;
        }
    }
    startForCall(poolKey) {
        const pool = this.pools.pools.get(poolKey);
        if (!pool) return;
        const stem = this.factory.fitsStem(pool.deployed) ? this.pools.stems.take() : undefined;
        this.callsFirst.begin(this.clock.monotonicMs());
        const making = this.makeFor(pool, stem).finally(()=>{
            this.callsFirst.end(this.clock.monotonicMs());
            this.advance();
            this.advanceSoon();
        });
        this.underWay.add(making);
    }
    startAhead(poolKey) {
        const pool = this.pools.pools.get(poolKey);
        if (!pool) return;
        const making = this.makeFor(pool, undefined).finally(()=>{
            this.advance();
        });
        this.underWay.add(making);
    }
    /** For calls that wait, or ahead of them; a failure is told to the call that waits longest. */ async makeFor(pool, stem) {
        try {
            await this.make(pool, stem);
        } catch (error) {
            // A stem that failed for no fault of the function's is no verdict: the call still waits and a new one is made.
            const retried = stem !== undefined && !isVerdict(error);
            if (!retried && !pool.failWaiter(error)) {
                this.log.warn({
                    function: pool.deployed.name,
                    err: error
                }, 'could not make a container ready');
            }
        }
    }
    async make(pool, stem) {
        const { deployed } = pool;
        const startedMs = this.clock.monotonicMs();
        pool.making += 1;
        this.inFlight += 1;
        this.pools.counters.makes += 1;
        let made;
        try {
            made = await (stem ? this.factory.specialise(stem, deployed) : this.create(deployed));
        } catch (error) {
            this.pools.counters.makesFailed += 1;
            // Code that does not load will not load the next time either: calls try it, nothing is made ahead of them.
            if (isVerdict(error)) pool.onDemandOnly = true;
            else pool.pause(this.clock.monotonicMs());
            throw error;
        } finally{
            // Before it is offered, or the budget would count it twice: as ready and as in the making.
            pool.making -= 1;
            this.inFlight -= 1;
        }
        if (!stem) pool.made(this.clock.monotonicMs() - startedMs);
        this.pools.watch(pool, made);
        this.pools.offer(pool, made);
    }
    /** One made for a deployment is created whatever else is, and counts like any other. */ async create(deployed) {
        let isCreating = true;
        const created = ()=>{
            if (!isCreating) return;
            isCreating = false;
            this.creations.giveBack(deployed.id);
            this.advance();
        };
        this.creations.add(deployed.id);
        try {
            return await this.factory.make(deployed, created);
        } finally{
            created();
        }
    }
    async makeStem() {
        const { stems, counters } = this.pools;
        this.creations.add(undefined);
        stems.making += 1;
        this.inFlight += 1;
        counters.stemsMade += 1;
        try {
            this.pools.keepStem(await this.factory.makeStem());
        } catch (error) {
            stems.pause(this.clock.monotonicMs());
            this.log.warn({
                err: error
            }, 'could not make a stem container');
        } finally{
            stems.making -= 1;
            this.inFlight -= 1;
            this.creations.giveBack(undefined);
            this.advance();
        }
    }
}
MakeQueue = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(sandboxSettings.config.KEY)),
    _ts_param(5, Inject(sharesSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReadyPools === "undefined" ? Object : ReadyPools,
        typeof SandboxFactory === "undefined" ? Object : SandboxFactory,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof SandboxSettings === "undefined" ? Object : SandboxSettings,
        typeof SharesSettings === "undefined" ? Object : SharesSettings
    ])
], MakeQueue);
function draining() {
    return new DomainError('DRAINING', 'The server is shutting down; send the request again shortly.', {
        retryAfterMs: 1000
    });
}
/** The function's own fault, or secrets without a key: another container of this revision would fail in the same way. */ function isVerdict(error) {
    if (!(error instanceof DomainError)) return false;
    return faultOf(error.code) === 'function' || error.code === 'SECRETS_UNAVAILABLE';
}

//# sourceMappingURL=make-queue.js.map
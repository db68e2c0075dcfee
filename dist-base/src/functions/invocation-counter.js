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
import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { FunctionStore } from './store/function-store.js';
/** What a killed process may lose of the counts: the promise of the HTTP contract, so not a setting. */ const commitEveryMs = 50;
/** Counts of this many functions are committed without waiting, so that no single commit grows beyond it by much. */ const commitAtFunctions = 256;
export class InvocationCounter {
    store;
    clock;
    log;
    pending = new Map();
    committing;
    cancelTimer;
    isFailing = false;
    constructor(store, clock, log){
        this.store = store;
        this.clock = clock;
        this.log = log;
    }
    count(functionId, invokedAt) {
        this.add({
            functionId,
            calls: 1,
            lastInvokedAt: invokedAt
        });
        if (this.pending.size >= commitAtFunctions && !this.isFailing) void this.commit();
        else this.commitLater();
    }
    /** Resolves when everything counted before is in the store; false when the store refused it. */ async flush() {
        while(this.committing)await this.committing;
        const done = await this.commit();
        this.cancelTimer?.();
        this.cancelTimer = undefined;
        return done;
    }
    commitLater() {
        if (this.cancelTimer || this.committing) return;
        this.cancelTimer = this.clock.schedule(commitEveryMs, ()=>{
            this.cancelTimer = undefined;
            void this.commit();
        });
    }
    commit() {
        this.committing ??= this.writePending().finally(()=>{
            this.committing = undefined;
            if (this.pending.size > 0) this.commitLater();
        });
        return this.committing;
    }
    /** Never rejects. */ async writePending() {
        if (this.pending.size === 0) return true;
        const batch = this.pending;
        this.pending = new Map();
        try {
            await this.store.addInvocations([
                ...batch.values()
            ]);
            if (this.isFailing) this.log.info({}, 'counts of invocations are written again');
            this.isFailing = false;
            return true;
        } catch (error) {
            for (const count of batch.values())this.add(count);
            // Said once, not twenty times a second.
            if (!this.isFailing) this.log.warn({
                err: error
            }, 'counts of invocations could not be written; trying again');
            this.isFailing = true;
            return false;
        }
    }
    add(added) {
        const { functionId } = added;
        const known = this.pending.get(functionId);
        this.pending.set(functionId, known ? joined(known, added) : added);
    }
}
InvocationCounter = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], InvocationCounter);
function joined(one, other) {
    return {
        functionId: one.functionId,
        calls: one.calls + other.calls,
        lastInvokedAt: one.lastInvokedAt > other.lastInvokedAt ? one.lastInvokedAt : other.lastInvokedAt
    };
}

//# sourceMappingURL=invocation-counter.js.map
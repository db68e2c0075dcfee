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
import { DomainError } from '../common/errors/domain-error.js';
import { SharedBudget } from '../common/shares/shared-budget.js';
import { shareOf, sharesSettings } from '../common/shares/shares.settings.js';
import { Cancellation } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import { invocationSettings } from './invocation.settings.js';
export class RunningCalls {
    clock;
    settings;
    running = new Set();
    /** A call takes its place here before its body is read, which a client may make last. */ inFlight;
    draining = false;
    allEnded = Promise.withResolvers();
    constructor(clock, settings, { keyPercent }){
        this.clock = clock;
        this.settings = settings;
        const total = settings.running + settings.queued;
        this.inFlight = new SharedBudget({
            total,
            share: shareOf(total, keyPercent)
        });
    }
    get isDraining() {
        return this.draining;
    }
    get count() {
        return this.running.size;
    }
    /**
   * Throws `DRAINING` once the server stops, and `OVERLOADED` or `RATE_LIMITED` when as many calls are in flight as may
   * run and wait, or as one key may have of them.
   */ begin(keyId) {
        if (this.draining) throw shuttingDown();
        const shortage = this.inFlight.take(keyId);
        if (shortage !== undefined) throw tooMany(shortage);
        const cancellation = new Cancellation();
        this.running.add(cancellation);
        return {
            cancellation,
            end: ()=>{
                this.running.delete(cancellation);
                this.inFlight.giveBack(keyId);
                this.settleWhenDrained();
            }
        };
    }
    /** Lets calls in flight finish within the grace period, then aborts what still runs; resolves when none is left. */ async drain() {
        this.draining = true;
        this.settleWhenDrained();
        const cancelForce = this.clock.schedule(this.settings.shutdownGraceSeconds * 1000, ()=>{
            for (const cancellation of this.running)cancellation.cancel(shuttingDown());
        });
        await this.allEnded.promise;
        cancelForce();
    }
    settleWhenDrained() {
        if (this.draining && this.running.size === 0) this.allEnded.resolve(undefined);
    }
}
RunningCalls = _ts_decorate([
    Injectable(),
    _ts_param(1, Inject(invocationSettings.config.KEY)),
    _ts_param(2, Inject(sharesSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof InvocationSettings === "undefined" ? Object : InvocationSettings,
        typeof SharesSettings === "undefined" ? Object : SharesSettings
    ])
], RunningCalls);
function tooMany(shortage) {
    const details = {
        retryAfterMs: 1000
    };
    return shortage === 'share' ? new DomainError('RATE_LIMITED', 'Too many calls with your key are in flight; call less often.', details) : new DomainError('OVERLOADED', 'Too many calls are in flight on this server; try again later.', details);
}
function shuttingDown() {
    return new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
        retryAfterMs: 5000
    });
}

//# sourceMappingURL=running-calls.js.map
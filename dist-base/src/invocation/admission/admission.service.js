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
import { DomainError } from '../../common/errors/domain-error.js';
import { shareOf, sharesSettings } from '../../common/shares/shares.settings.js';
import { Tally } from '../../common/tally.js';
import { Clock } from '../../common/time/clock.js';
import { withDeadline } from '../../common/time/deadline.js';
import { invocationSettings } from '../invocation.settings.js';
import { countedMemoryMiB, fits, mayRun, nextCall, retryAfterMs, runningLimitOf } from './lane.js';
import { RunningLoad } from './running-load.js';
/** The engine, the server and what stands ready need room beside the calls. */ function mostOfMachineMiB() {
    return Math.floor(totalmem() * 3 / 4 / 1024 / 1024);
}
/** Weight of the newest call in the average of how long calls hold their places. */ const newestWeight = 0.1;
export class AdmissionService {
    clock;
    settings;
    lanes = new Map();
    running = new RunningLoad();
    capacity;
    queuedPerFunction;
    queued = 0;
    callMs = 100;
    refusals = new Tally();
    constructor(clock, settings, { functionPercent, keyPercent }){
        this.clock = clock;
        this.settings = settings;
        const calls = settings.running;
        const memoryMiB = settings.runningMemoryMiB === 0 ? mostOfMachineMiB() : settings.runningMemoryMiB;
        this.capacity = {
            calls,
            memoryMiB,
            functionShare: {
                calls: shareOf(calls, functionPercent),
                memoryMiB: shareOf(memoryMiB, functionPercent)
            },
            keyCalls: shareOf(calls, keyPercent)
        };
        this.queuedPerFunction = Math.min(settings.queuedPerFunction, shareOf(settings.queued, functionPercent));
    }
    /**
   * Rejects with `CONCURRENCY_LIMIT` (the function's limits), `RATE_LIMITED` (its key's share), `OVERLOADED` (the
   * server's limits), or the cancellation's reason.
   */ async enter(deployed, keyId, cancellation) {
        const lane = this.laneOf(deployed);
        if (this.queued === 0 && this.mayRunAtOnce(lane, keyId)) return this.admit(lane, keyId);
        return this.waitInLine(lane, keyId, cancellation);
    }
    get counts() {
        return {
            running: this.running.load.calls,
            queued: this.queued
        };
    }
    /** Calls refused since the start, by whose limit it was. */ get refused() {
        return this.refusals.byKind;
    }
    async waitInLine(lane, keyId, cancellation) {
        const turn = Promise.withResolvers();
        const call = {
            keyId,
            sinceMs: this.clock.monotonicMs(),
            admit: ()=>{
                turn.resolve(this.admit(lane, keyId));
            }
        };
        lane.waiting.push(call);
        this.queued += 1;
        // Others that wait need not be in the way of this one.
        this.admitNext();
        if (!lane.waiting.includes(call)) return turn.promise;
        try {
            this.refuseWhereFull(lane, keyId);
            return await withDeadline(this.clock, turn.promise, {
                withinMs: this.settings.queueTimeoutMs,
                onTimeout: ()=>this.refusal(lane, keyId, 'No place became free in time'),
                cancellation
            });
        } catch (error) {
            // The place may have come in the same moment as the deadline; it must not be lost.
            if (!this.takeFromLine(lane, call)) (await turn.promise).leave();
            this.dropIfEmpty(lane);
            throw error;
        }
    }
    admit(lane, keyId) {
        const sinceMs = this.clock.monotonicMs();
        const share = {
            keyId,
            memoryMiB: lane.memoryMiB,
            sinceMs
        };
        lane.running += 1;
        this.running.add(share);
        return {
            leave: ()=>{
                lane.running -= 1;
                this.running.remove(share);
                this.callMs += newestWeight * (this.clock.monotonicMs() - sinceMs - this.callMs);
                this.admitNext();
                this.dropIfEmpty(lane);
            }
        };
    }
    admitNext() {
        while(this.queued > 0){
            const next = nextCall(this.lanes.values(), this.running, this.capacity, this.clock.monotonicMs());
            if (!next) return;
            this.takeFromLine(next.lane, next.call);
            next.call.admit();
        }
    }
    mayRunAtOnce(lane, keyId) {
        return mayRun(lane, keyId, this.running, this.capacity) && fits(this.running, this.capacity, lane.memoryMiB);
    }
    /** False when the call no longer waits. */ takeFromLine(lane, call) {
        const index = lane.waiting.indexOf(call);
        if (index < 0) return false;
        lane.waiting.splice(index, 1);
        this.queued -= 1;
        return true;
    }
    /** Of a call that is among those that wait already. */ refuseWhereFull(lane, keyId) {
        const laneIsFull = lane.waiting.length > this.queuedPerFunction || lane.limit === 0;
        if (!laneIsFull && this.queued <= this.settings.queued) return;
        throw this.refusal(lane, keyId, 'Too many calls wait already');
    }
    refusal(lane, keyId, why) {
        const owner = this.ownerOfLimit(lane, keyId);
        this.refusals.add(owner);
        const places = {
            function: lane.limit,
            key: this.capacity.keyCalls,
            server: this.settings.running
        }[owner];
        const before = (owner === 'function' ? lane.waiting.length : this.queued) - 1;
        const details = {
            retryAfterMs: retryAfterMs(before, {
                callMs: this.callMs,
                places
            })
        };
        switch(owner){
            case 'function':
                return new DomainError('CONCURRENCY_LIMIT', `${why} for this function; call it less often.`, details);
            case 'key':
                return new DomainError('RATE_LIMITED', `${why} with your key; call less often.`, details);
            case 'server':
                return new DomainError('OVERLOADED', `${why} on this server; try again later.`, details);
            default:
                return owner;
        }
    }
    /** Whose limit it was decides whose fault it is: the function's own, its key's, or the server's. */ ownerOfLimit(lane, keyId) {
        if (!mayRun(lane, undefined, this.running, this.capacity)) return 'function';
        if (!mayRun(lane, keyId, this.running, this.capacity)) return 'key';
        return lane.waiting.length > this.queuedPerFunction ? 'function' : 'server';
    }
    laneOf({ id, settings }) {
        const limit = runningLimitOf(settings);
        const memoryMiB = countedMemoryMiB(settings.memoryMiB, this.capacity.memoryMiB);
        let lane = this.lanes.get(id);
        if (!lane) {
            lane = {
                functionId: id,
                limit,
                memoryMiB,
                running: 0,
                waiting: []
            };
            this.lanes.set(id, lane);
        } else if (lane.limit !== limit || lane.memoryMiB !== memoryMiB) {
            lane.limit = limit;
            lane.memoryMiB = memoryMiB;
            this.admitNext();
        }
        return lane;
    }
    dropIfEmpty(lane) {
        if (lane.running + lane.waiting.length === 0) this.lanes.delete(lane.functionId);
    }
}
AdmissionService = _ts_decorate([
    Injectable(),
    _ts_param(1, Inject(invocationSettings.config.KEY)),
    _ts_param(2, Inject(sharesSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof InvocationSettings === "undefined" ? Object : InvocationSettings,
        typeof SharesSettings === "undefined" ? Object : SharesSettings
    ])
], AdmissionService);

//# sourceMappingURL=admission.service.js.map
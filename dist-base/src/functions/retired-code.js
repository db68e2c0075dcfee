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
import { CodeStore } from './code/code-store.js';
const retryEveryMs = 60_000;
export class RetiredCode {
    code;
    clock;
    log;
    failed = [];
    cancelRetry;
    constructor(code, clock, log){
        this.code = code;
        this.clock = clock;
        this.log = log;
    }
    /** Resolves when the code is gone, or is sure to go later because a call still needs it. Never rejects. */ async retire(version, leases) {
        const removed = leases.drained().then(()=>this.remove(version));
        if (!leases.areOpen) await removed;
    }
    /** Removes code that no call can have begun with. Never rejects: what fails now is tried again later. */ async remove(version) {
        try {
            await this.code.remove(version);
        } catch (error) {
            this.log.warn({
                err: error,
                ...version
            }, 'code of a deleted function could not be removed; trying again');
            this.failed.push(version);
            this.cancelRetry ??= this.clock.schedule(retryEveryMs, ()=>{
                this.cancelRetry = undefined;
                for (const again of this.failed.splice(0))void this.remove(again);
            });
        }
    }
    /** Ends the retries. */ close() {
        this.cancelRetry?.();
        this.cancelRetry = undefined;
    }
}
RetiredCode = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof CodeStore === "undefined" ? Object : CodeStore,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], RetiredCode);

//# sourceMappingURL=retired-code.js.map
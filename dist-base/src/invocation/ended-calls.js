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
export class EndedCalls {
    log;
    listeners = [];
    constructor(log){
        this.log = log;
    }
    onEnded(listener) {
        this.listeners.push(listener);
    }
    tell(ended) {
        for (const listener of this.listeners){
            try {
                listener(ended);
            } catch (error) {
                this.log.error({
                    err: error
                }, 'a listener to ended calls failed');
            }
        }
    }
}
EndedCalls = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Log === "undefined" ? Object : Log
    ])
], EndedCalls);

//# sourceMappingURL=ended-calls.js.map
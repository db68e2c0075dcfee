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
export class FunctionEvents {
    log;
    deployedListeners = new Set();
    replacedListeners = new Set();
    deletedListeners = new Set();
    brokenListeners = new Set();
    constructor(log){
        this.log = log;
    }
    onDeployed(listener) {
        return subscribe(this.deployedListeners, listener);
    }
    onReplaced(listener) {
        return subscribe(this.replacedListeners, listener);
    }
    onDeleted(listener) {
        return subscribe(this.deletedListeners, listener);
    }
    /** Its code was found missing or changed on the disk; no call is let in until that is mended. */ onBroken(listener) {
        return subscribe(this.brokenListeners, listener);
    }
    deployed(subject) {
        this.tell(this.deployedListeners, subject);
    }
    replaced(before, after) {
        this.tell(this.replacedListeners, before, after);
    }
    deleted(subject) {
        this.tell(this.deletedListeners, subject);
    }
    broken(subject) {
        this.tell(this.brokenListeners, subject);
    }
    tell(listeners, ...subjects) {
        for (const listener of listeners){
            try {
                listener(...subjects);
            } catch (error) {
                this.log.error({
                    err: error,
                    function: subjects[0].name
                }, 'a listener to function events failed');
            }
        }
    }
}
FunctionEvents = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Log === "undefined" ? Object : Log
    ])
], FunctionEvents);
function subscribe(listeners, listener) {
    listeners.add(listener);
    return ()=>{
        listeners.delete(listener);
    };
}

//# sourceMappingURL=function-events.js.map
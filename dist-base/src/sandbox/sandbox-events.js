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
export class SandboxEvents {
    log;
    printedListeners = [];
    usedListeners = [];
    constructor(log){
        this.log = log;
    }
    onPrinted(listener) {
        this.printedListeners.push(listener);
    }
    /** Not every call is measured; one that is has ended by then. */ onUsed(listener) {
        this.usedListeners.push(listener);
    }
    printed(line) {
        for (const listener of this.printedListeners){
            try {
                listener(line);
            } catch (error) {
                this.failed(error);
            }
        }
    }
    used(invocationId, usage) {
        for (const listener of this.usedListeners){
            try {
                listener(invocationId, usage);
            } catch (error) {
                this.failed(error);
            }
        }
    }
    failed(error) {
        this.log.error({
            err: error
        }, 'a listener to sandbox events failed');
    }
}
SandboxEvents = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Log === "undefined" ? Object : Log
    ])
], SandboxEvents);

//# sourceMappingURL=sandbox-events.js.map
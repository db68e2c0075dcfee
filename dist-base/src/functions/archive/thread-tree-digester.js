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
import { Clock } from '../../common/time/clock.js';
import { CodeThread } from './code-thread.js';
import { TreeDigester } from './tree-digester.js';
/** Nobody waits for it, and the disk may be busy with those who are waited for. */ const timeoutMs = 600_000;
/** The names in the largest batch and a chunk of a file; hashing needs no more. */ const heapMiB = 64;
export class ThreadTreeDigester extends TreeDigester {
    clock;
    thread;
    constructor(clock, thread){
        super(), this.clock = clock, this.thread = thread;
    }
    digest(directories, signal) {
        const limits = {
            heapMiB,
            timeoutMs,
            tookTooLong: ()=>new Error('Published code could not be read in time.'),
            crashed: (cause)=>new Error('The thread that reads published code failed.', {
                    cause
                })
        };
        return this.thread.run({
            task: 'digest',
            directories
        }, limits, this.clock, signal);
    }
}
ThreadTreeDigester = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof CodeThread === "undefined" ? Object : CodeThread
    ])
], ThreadTreeDigester);

//# sourceMappingURL=thread-tree-digester.js.map
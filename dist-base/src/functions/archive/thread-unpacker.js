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
import { Clock } from '../../common/time/clock.js';
import { archiveRefusal } from './archive-refusal.js';
import { archiveSettings } from './archive.settings.js';
import { CodeThread } from './code-thread.js';
import { errorCodeOf } from './error-code.js';
import { defectSentence } from './thread-message.js';
import { UnpackSlots } from './unpack-slots.js';
import { Unpacker } from './unpacker.js';
export class ThreadUnpacker extends Unpacker {
    settings;
    clock;
    thread;
    slots;
    constructor(settings, clock, thread){
        super(), this.settings = settings, this.clock = clock, this.thread = thread;
        const { parallelUnpackings, unpackQueueLength, unpackQueueTimeoutMs } = settings;
        const limits = {
            slots: parallelUnpackings,
            queueLength: unpackQueueLength,
            queueTimeoutMs: unpackQueueTimeoutMs
        };
        this.slots = new UnpackSlots(limits, clock);
    }
    async unpack(request, signal) {
        const { unpackHeapMiB: heapMiB, unpackTimeoutMs: timeoutMs } = this.settings;
        const release = await this.slots.acquire(signal);
        try {
            const limits = {
                heapMiB,
                timeoutMs,
                tookTooLong,
                crashed
            };
            return await this.thread.run({
                task: 'unpack',
                ...request
            }, limits, this.clock, signal);
        } finally{
            release();
        }
    }
}
ThreadUnpacker = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(archiveSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SettingsOf === "undefined" ? Object : SettingsOf,
        typeof Clock === "undefined" ? Object : Clock,
        typeof CodeThread === "undefined" ? Object : CodeThread
    ])
], ThreadUnpacker);
function tookTooLong() {
    return archiveRefusal('unpack_timeout', 'The archive took too long to unpack: send fewer or smaller files.');
}
function crashed(error) {
    const outOfMemory = errorCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
    const advice = 'The archive took too much memory to unpack: send fewer files.';
    if (outOfMemory) return archiveRefusal('unpack_out_of_memory', advice, {
        cause: error
    });
    return new DomainError('INTERNAL', defectSentence, {}, {
        cause: error
    });
}

//# sourceMappingURL=thread-unpacker.js.map
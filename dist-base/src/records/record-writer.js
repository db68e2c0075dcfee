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
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { DropReport } from './drop-report.js';
import { recordsSettings } from './records.settings.js';
import { RecordStore } from './store/record-store.js';
/** What a killed process may lose: the promise of the documentation, so not a setting. */ const writeEveryMs = 100;
/** So many lines and records are written without waiting, so that no batch grows much beyond it. */ const writeAtRows = 1000;
/** Bytes that a record takes in memory, beside its stack; of a line, beside its text. */ const bytesOfRecord = 1024;
const bytesOfLine = 256;
const notMeasured = {
    memoryPeakBytes: null,
    cpuTimeMs: null
};
export class RecordWriter {
    store;
    clock;
    settings;
    lines = [];
    invocations = new Map();
    usages = [];
    pendingBytes = 0;
    report;
    writing;
    cancelTimer;
    constructor(store, clock, log, settings){
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.report = new DropReport(log);
    }
    /** Lines and records that were dropped since the start. */ get dropped() {
        return this.report.dropped;
    }
    line(line) {
        if (this.hasRoomFor(bytesOfLine + line.text.length)) this.lines.push(line);
        this.writeSoon();
    }
    invocation(ended) {
        const bytes = bytesOfRecord + (ended.failure?.stack?.length ?? 0);
        if (this.hasRoomFor(bytes)) this.invocations.set(ended.id, {
            ...ended,
            usage: notMeasured
        });
        this.writeSoon();
    }
    /** Of a call that has ended: most often its record still waits here. */ usage(invocationId, usage) {
        const waiting = this.invocations.get(invocationId);
        if (waiting) this.invocations.set(invocationId, {
            ...waiting,
            usage
        });
        else if (this.hasRoomFor(bytesOfLine)) this.usages.push([
            invocationId,
            usage
        ]);
        this.writeSoon();
    }
    /** Nothing that waits of the function is written any more. */ forget(functionId) {
        this.lines = this.lines.filter((line)=>line.function.id !== functionId);
        for (const [id, record] of this.invocations){
            if (record.function.id === functionId) this.invocations.delete(id);
        }
    }
    /** Resolves when everything that was told before is in the store; false when something of it was dropped. */ async flush() {
        while(this.writing)await this.writing;
        const done = await this.write();
        this.cancelTimer?.();
        this.cancelTimer = undefined;
        return done;
    }
    get rows() {
        return this.lines.length + this.invocations.size + this.usages.length;
    }
    hasRoomFor(bytes) {
        if (this.pendingBytes + bytes > this.settings.queueBytes) {
            this.report.dropped += 1;
            return false;
        }
        this.pendingBytes += bytes;
        return true;
    }
    writeSoon() {
        if (this.writing) return;
        if (this.rows >= writeAtRows) void this.write();
        else {
            this.cancelTimer ??= this.clock.schedule(writeEveryMs, ()=>{
                this.cancelTimer = undefined;
                void this.write();
            });
        }
    }
    write() {
        this.writing ??= this.writePending().finally(()=>{
            this.writing = undefined;
            if (this.rows > 0) this.writeSoon();
        });
        return this.writing;
    }
    /** Never rejects. */ async writePending() {
        const batch = this.takeBatch();
        const rows = batch.lines.length + batch.invocations.length + batch.usages.length;
        if (rows === 0) return true;
        try {
            await this.store.write(batch);
            this.report.afterWrite(undefined);
            return true;
        } catch (error) {
            this.report.dropped += rows;
            this.report.afterWrite(error);
            return false;
        }
    }
    takeBatch() {
        const batch = {
            lines: this.lines,
            invocations: [
                ...this.invocations.values()
            ],
            usages: this.usages
        };
        this.lines = [];
        this.invocations = new Map();
        this.usages = [];
        this.pendingBytes = 0;
        return batch;
    }
}
RecordWriter = _ts_decorate([
    Injectable(),
    _ts_param(3, Inject(recordsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RecordStore === "undefined" ? Object : RecordStore,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof RecordsSettings === "undefined" ? Object : RecordsSettings
    ])
], RecordWriter);

//# sourceMappingURL=record-writer.js.map
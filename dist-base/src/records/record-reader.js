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
import { RecordWriter } from './record-writer.js';
import { RecordStore } from './store/record-store.js';
export class RecordReader {
    store;
    writer;
    constructor(store, writer){
        this.store = store;
        this.writer = writer;
    }
    async lines(query) {
        await this.writer.flush();
        return this.store.lines(query);
    }
    async invocation(id) {
        await this.writer.flush();
        return this.store.invocation(id);
    }
    async invocations(query) {
        await this.writer.flush();
        return this.store.invocations(query);
    }
}
RecordReader = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RecordStore === "undefined" ? Object : RecordStore,
        typeof RecordWriter === "undefined" ? Object : RecordWriter
    ])
], RecordReader);

//# sourceMappingURL=record-reader.js.map
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
import { AuditTrail } from '../../common/audit/audit-trail.js';
import { Log } from '../../common/log/log.js';
import { AuditStore } from '../store/audit-store.js';
import { auditLine } from './audit-line.js';
export class StoredAuditTrail extends AuditTrail {
    store;
    log;
    constructor(store, log){
        super(), this.store = store, this.log = log;
    }
    async record(entry) {
        await this.store.append(entry);
        auditLine(this.log)(entry);
    }
}
StoredAuditTrail = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof Log === "undefined" ? Object : Log
    ])
], StoredAuditTrail);

//# sourceMappingURL=stored-audit-trail.js.map
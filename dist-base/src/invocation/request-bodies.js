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
import { DomainError } from '../common/errors/domain-error.js';
import { readRequestBody } from '../common/request-body/read-request-body.js';
import { SharedBudget } from '../common/shares/shared-budget.js';
import { shareOf, sharesSettings } from '../common/shares/shares.settings.js';
import { invocationSettings } from './invocation.settings.js';
import { RequestBody } from './request-body.js';
const retryAfterMs = 1000;
export class RequestBodies {
    limitBytes;
    budget;
    constructor({ requestBytes, bufferedRequestBytes }, { keyPercent }){
        this.limitBytes = requestBytes;
        const share = Math.max(requestBytes, shareOf(bufferedRequestBytes, keyPercent));
        this.budget = new SharedBudget({
            total: bufferedRequestBytes,
            share
        });
    }
    /** Bytes of bodies that are held now: those that have arrived, not those that were announced. */ get heldBytes() {
        return this.budget.used;
    }
    /**
   * Holds what arrives as it arrives; whoever receives the body discards it. Rejects as `readRequestBody` does, and with
   * `OVERLOADED` when the server holds as many bytes as it may, with `RATE_LIMITED` when those with this key do; nothing is held then.
   */ async receive(request, keyId, cancellation) {
        let heldBytes = 0;
        const letGo = ()=>{
            if (heldBytes > 0) this.budget.giveBack(keyId, heldBytes);
        };
        try {
            const content = await readRequestBody(request, {
                limitBytes: this.limitBytes,
                cancellation,
                onBytes: (bytes)=>{
                    this.hold(keyId, bytes);
                    heldBytes += bytes;
                }
            });
            return new RequestBody(content, letGo);
        } catch (error) {
            letGo();
            throw error;
        }
    }
    hold(keyId, bytes) {
        const shortage = this.budget.take(keyId, bytes);
        if (shortage === undefined) return;
        throw shortage === 'share' ? new DomainError('RATE_LIMITED', 'The calls with your key hold as many bytes of request bodies as they may; send fewer or smaller ones at a time.', {
            retryAfterMs
        }) : new DomainError('OVERLOADED', 'The server holds too many request bodies; try again later.', {
            retryAfterMs
        });
    }
}
RequestBodies = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(invocationSettings.config.KEY)),
    _ts_param(1, Inject(sharesSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof InvocationSettings === "undefined" ? Object : InvocationSettings,
        typeof SharesSettings === "undefined" ? Object : SharesSettings
    ])
], RequestBodies);

//# sourceMappingURL=request-bodies.js.map
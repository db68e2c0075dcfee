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
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
export class Candidates {
    log;
    check;
    constructor(log){
        this.log = log;
    }
    /** Called once, at boot, by the module above that can load code; without it nothing is tried. */ use(check) {
        this.check = check;
    }
    /** Of a function that is deployed by now, so whatever happens here must not look as if it were not. Never rejects. */ async warningsFor(deployed) {
        try {
            return await this.check?.warningsFor(deployed) ?? [];
        } catch (error) {
            this.log.error({
                err: error,
                function: deployed.name
            }, 'the check of a deployed function failed');
            return [
                'The code could not be checked.'
            ];
        }
    }
    /** Rejects with `CANDIDATE_NOT_LOADABLE`, or with the platform's fault when it cannot be told; then nothing is kept. */ async requireLoadable(candidate) {
        try {
            await this.check?.prepare(candidate);
        } catch (error) {
            this.abandon(candidate);
            throw refusalOf(error);
        }
    }
    /**
   * Makes the successor ready where its predecessor was, so that calls find it so. What does not load is not this
   * one's to refuse: a change of settings may well be what mends it. Never rejects.
   */ async keepReady(predecessor, successor) {
        if (!this.check?.keepsReady(predecessor)) return;
        try {
            await this.check.prepare(successor);
        } catch (error) {
            this.log.warn({
                err: error,
                function: successor.name
            }, 'nothing could be made ready ahead of the calls of a changed function');
        }
    }
    abandon(candidate) {
        this.check?.abandon(candidate);
    }
}
Candidates = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Log === "undefined" ? Object : Log
    ])
], Candidates);
function refusalOf(error) {
    if (!(error instanceof DomainError) || faultOf(error.code) !== 'function') return error;
    return new DomainError('CANDIDATE_NOT_LOADABLE', `Nothing was changed: the new version does not load. ${error.message}`, error.details, {
        cause: error
    });
}

//# sourceMappingURL=candidates.js.map
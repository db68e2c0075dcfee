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
import { CandidateCheck } from '../functions/candidate-check.js';
import { SandboxService } from './sandbox.service.js';
export class SandboxCandidateCheck extends CandidateCheck {
    sandboxes;
    constructor(sandboxes){
        super(), this.sandboxes = sandboxes;
    }
    async warningsFor(candidate) {
        try {
            await this.sandboxes.warmUp(candidate);
            return [];
        } catch (error) {
            return [
                warningFor(error)
            ];
        }
    }
    keepsReady(deployed) {
        return this.sandboxes.keepsReady(deployed);
    }
    prepare(candidate) {
        return this.sandboxes.warmUp(candidate);
    }
    abandon(candidate) {
        this.sandboxes.abandon(candidate);
    }
}
SandboxCandidateCheck = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SandboxService === "undefined" ? Object : SandboxService
    ])
], SandboxCandidateCheck);
function warningFor(error) {
    if (!(error instanceof DomainError)) return 'The code could not be checked.';
    if (faultOf(error.code) !== 'function') return `The code could not be checked: ${error.message}`;
    const { errorType, errorMessage } = error.details;
    const thrown = errorMessage === undefined ? '' : ` ${errorType ?? 'Error'}: ${errorMessage}`;
    return `The code does not load, so calls will fail: ${error.message}${thrown}`;
}

//# sourceMappingURL=sandbox-candidate-check.js.map
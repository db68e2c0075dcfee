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
import { catchError, concatMap, from } from 'rxjs';
import { callerOf } from '../access/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { Log } from '../log/log.js';
import { Clock } from '../time/clock.js';
import { AuditTrail } from './audit-trail.js';
import { auditedActionOf } from './audited-action.js';
import { auditedSubjectOf } from './audited-subject.js';
export class AuditInterceptor {
    trail;
    clock;
    log;
    constructor(trail, clock, log){
        this.trail = trail;
        this.clock = clock;
        this.log = log;
    }
    async intercept(context, next) {
        const http = context.switchToHttp();
        const request = http.getRequest();
        const begun = this.entryOf(context, request, http.getResponse());
        await this.trail.record(begun);
        return next.handle().pipe(concatMap(async (answer)=>{
            await this.end({
                ...begun,
                ...subjectOf(request, begun),
                ...subjectIn(answer)
            }, 'done');
            return answer;
        }), catchError((error)=>from(this.fail({
                ...begun,
                ...subjectOf(request, begun)
            }, error))));
    }
    entryOf(context, request, response) {
        const { keyId, address } = callerOf(request);
        const requestId = response.getHeader('X-Request-Id');
        return {
            at: this.clock.wallTime(),
            actor: keyId ?? 'local',
            action: auditedActionOf(context.getHandler()),
            target: targetOf(request.params),
            sha256: null,
            outcome: 'begun',
            requestId: typeof requestId === 'string' ? requestId : null,
            address
        };
    }
    async fail(begun, error) {
        await this.end(begun, error instanceof DomainError ? error.code : 'INTERNAL');
        throw error;
    }
    async end(entry, outcome) {
        const ended = {
            ...entry,
            at: this.clock.wallTime(),
            outcome
        };
        try {
            await this.trail.record(ended);
        } catch (error) {
            this.log.error({
                err: error,
                audit: ended
            }, 'the outcome of an action could not be recorded');
        }
    }
}
AuditInterceptor = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AuditTrail === "undefined" ? Object : AuditTrail,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], AuditInterceptor);
/** What the upload told: the function's name where the path has none, and the hash of what was unpacked. */ function subjectOf(request, begun) {
    const subject = auditedSubjectOf(request);
    return {
        target: subject?.target ?? begun.target,
        sha256: subject?.sha256 ?? null
    };
}
/** Only the answer of a rollback knows which code it went back to. */ function subjectIn(answer) {
    const sha256 = answer?.sha256;
    return typeof sha256 === 'string' ? {
        sha256
    } : {};
}
/** The function that the path names, and what of it. A path may be long; what is longer than any name is none. */ function targetOf({ name, key }) {
    if (typeof name !== 'string') return null;
    return typeof key === 'string' ? `${name.slice(0, 64)}/${key.slice(0, 128)}` : name.slice(0, 64);
}

//# sourceMappingURL=audit.interceptor.js.map
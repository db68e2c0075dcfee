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
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { accessSettings } from '../access.settings.js';
import { RateLimiter } from '../rate/rate-limiter.js';
import { AuditStore } from '../store/audit-store.js';
/** The actor of the audit trail where no valid key was shown. */ const nobody = 'nobody';
export class Refusals {
    store;
    clock;
    log;
    lines;
    entries;
    untold = 0;
    constructor(store, clock, log, settings){
        this.store = store;
        this.clock = clock;
        this.log = log;
        const { loggedRefusalsPerMinute, auditedRefusalsPerHour } = settings;
        const ofAll = (burst, seconds)=>new RateLimiter({
                burst,
                perSecond: burst / seconds
            }, 1, clock);
        this.lines = ofAll(loggedRefusalsPerMinute, 60);
        this.entries = ofAll(auditedRefusalsPerHour, 3600);
    }
    note(request, response, { code, keyId, address }) {
        const told = {
            actor: keyId ?? nobody,
            // Never the path itself: it may hold what was meant for somebody else.
            target: `${request.method ?? ''} ${routeOf(request)}`,
            outcome: code,
            requestId: requestIdIn(response),
            address
        };
        this.logLine(told);
        if (this.entries.take('').isGranted) void this.record(told);
    }
    logLine(told) {
        if (!this.lines.take('').isGranted) {
            this.untold += 1;
            return;
        }
        this.log.warn({
            ...told,
            ...this.untold > 0 && {
                untold: this.untold
            }
        }, 'a request was turned away');
        this.untold = 0;
    }
    async record(told) {
        try {
            await this.store.append({
                ...told,
                at: this.clock.wallTime(),
                action: 'request.refuse',
                sha256: null
            });
        } catch (error) {
            this.log.error({
                err: error
            }, 'a refusal could not be recorded');
        }
    }
}
Refusals = _ts_decorate([
    Injectable(),
    _ts_param(3, Inject(accessSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof AccessSettings === "undefined" ? Object : AccessSettings
    ])
], Refusals);
/** The route's pattern; before there is one, and on the pages that no controller serves, `(none)`. */ function routeOf(request) {
    const { path } = request.route ?? {};
    return typeof path === 'string' ? path : '(none)';
}
function requestIdIn(response) {
    const id = response.getHeader('X-Request-Id');
    return typeof id === 'string' ? id : null;
}

//# sourceMappingURL=refusals.js.map
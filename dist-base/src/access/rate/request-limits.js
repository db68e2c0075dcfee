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
import { RateRefusals } from '../../common/access/rate-refusals.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { accessSettings } from '../access.settings.js';
import { RateLimiter } from './rate-limiter.js';
export class RequestLimits {
    refusals;
    management;
    invocations;
    failures;
    constructor(clock, refusals, settings){
        this.refusals = refusals;
        const limiter = (burst, perSecond)=>new RateLimiter({
                burst,
                perSecond
            }, settings.rateBuckets, clock);
        const { managementPerSecond, managementBurst, invocationsPerSecond, invocationBurst } = settings;
        const failuresPerMinute = settings.failedAuthenticationsPerMinute;
        this.management = managementPerSecond > 0 ? limiter(managementBurst, managementPerSecond) : undefined;
        this.invocations = invocationsPerSecond > 0 ? limiter(invocationBurst, invocationsPerSecond) : undefined;
        this.failures = limiter(failuresPerMinute, failuresPerMinute / 60);
    }
    /** Throws `RATE_LIMITED`. `whose` is a key's id or an address. */ take(needed, whose, response) {
        const kind = needed === 'functions:invoke' ? 'invocations' : 'management';
        this.takeOne(kind, whose, response);
    }
    /** A request without a valid key; throws `RATE_LIMITED` when there were too many from its address. */ takeFailure(address, response) {
        this.takeOne('failures', address, response);
    }
    takeOne(kind, whose, response) {
        const limiter = this[kind];
        if (!limiter) return;
        const taken = limiter.take(whose);
        tell(response, limiter, taken);
        if (taken.isGranted) return;
        this.refusals.add(kind);
        throw new DomainError('RATE_LIMITED', 'Too many requests; send them more slowly.', {
            retryAfterMs: taken.retryAfterMs
        });
    }
}
RequestLimits = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(accessSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof RateRefusals === "undefined" ? Object : RateRefusals,
        typeof AccessSettings === "undefined" ? Object : AccessSettings
    ])
], RequestLimits);
/** The fields that clients know from other servers; the reset is in seconds. */ function tell(response, limiter, taken) {
    response.setHeader('RateLimit-Limit', limiter.limit.burst);
    response.setHeader('RateLimit-Remaining', taken.remaining);
    response.setHeader('RateLimit-Reset', Math.ceil(taken.fullAfterMs / 1000));
}

//# sourceMappingURL=request-limits.js.map
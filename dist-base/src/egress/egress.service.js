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
import { AddressPolicy } from './address-policy.js';
import { EgressCounters } from './egress-counters.js';
import { EgressGate } from './egress-gate.js';
import { egressSettings, entriesOf } from './egress.settings.js';
import { NameResolver } from './name-resolver.js';
export class EgressService {
    counters = new EgressCounters();
    context;
    constructor(clock, log, resolver, settings){
        const policy = new AddressPolicy(entriesOf(settings.allowedRanges));
        this.context = {
            clock,
            log,
            counters: this.counters,
            resolver,
            policy,
            settings
        };
    }
    /** Resolves when the container can connect. Rejects when the socket cannot be made. */ async open({ directory, functionName, container, allowList }) {
        const log = this.context.log.child({
            function: functionName,
            container
        });
        const gate = new EgressGate(directory, allowList, this.context, log);
        await gate.listen();
        return gate;
    }
}
EgressService = _ts_decorate([
    Injectable(),
    _ts_param(3, Inject(egressSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof NameResolver === "undefined" ? Object : NameResolver,
        typeof EgressSettings === "undefined" ? Object : EgressSettings
    ])
], EgressService);

//# sourceMappingURL=egress.service.js.map
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
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../common/time/clock.module.js';
import { EgressService } from './egress.service.js';
import { egressSettings, entriesOf } from './egress.settings.js';
import { DnsNameResolver, NameResolver } from './name-resolver.js';
export class EgressModule {
}
EgressModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(egressSettings.config),
            ClockModule
        ],
        providers: [
            EgressService,
            {
                provide: NameResolver,
                inject: [
                    egressSettings.config.KEY
                ],
                useFactory: ({ dnsServers })=>new DnsNameResolver(entriesOf(dnsServers))
            }
        ],
        exports: [
            EgressService
        ]
    })
], EgressModule);

//# sourceMappingURL=egress.module.js.map
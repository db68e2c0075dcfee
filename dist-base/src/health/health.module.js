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
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/time/clock.module.js';
import { ContainerModule } from '../container/container.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { HealthController } from './health.controller.js';
import { healthSettings } from './health.settings.js';
import { Readiness } from './readiness.js';
export class HealthModule {
}
HealthModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(healthSettings.config),
            // What fails is in the answer; a probe every second need not repeat it in the log.
            TerminusModule.forRoot({
                logger: false
            }),
            ClockModule,
            ContainerModule,
            FunctionsModule,
            InvocationModule
        ],
        controllers: [
            HealthController
        ],
        providers: [
            Readiness
        ]
    })
], HealthModule);

//# sourceMappingURL=health.module.js.map
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
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { sharesSettings } from '../common/shares/shares.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { AdmissionService } from './admission/admission.service.js';
import { EndedCalls } from './ended-calls.js';
import { InvocationController } from './invocation.controller.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings } from './invocation.settings.js';
import { RequestBodies } from './request-bodies.js';
import { RunningCalls } from './running-calls.js';
export class InvocationModule {
    runningCalls;
    constructor(runningCalls){
        this.runningCalls = runningCalls;
    }
    /** Calls in flight end before the sandboxes below them are taken away. */ async beforeApplicationShutdown() {
        await this.runningCalls.drain();
    }
}
InvocationModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(invocationSettings.config),
            ConfigModule.forFeature(sharesSettings.config),
            ClockModule,
            FunctionsModule,
            SandboxModule
        ],
        controllers: [
            InvocationController
        ],
        providers: [
            InvocationService,
            AdmissionService,
            RequestBodies,
            RunningCalls,
            EndedCalls
        ],
        exports: [
            RunningCalls,
            AdmissionService,
            RequestBodies,
            EndedCalls
        ]
    }),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RunningCalls === "undefined" ? Object : RunningCalls
    ])
], InvocationModule);

//# sourceMappingURL=invocation.module.js.map
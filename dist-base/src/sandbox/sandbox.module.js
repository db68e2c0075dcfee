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
import { sharesSettings } from '../common/shares/shares.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { ContainerModule } from '../container/container.module.js';
import { EgressModule } from '../egress/egress.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { functionDefaults } from '../functions/settings/default-settings.js';
import { IpcModule } from '../ipc/ipc.module.js';
import { MakeQueue } from './pool/make-queue.js';
import { ReadyPools } from './pool/ready-pools.js';
import { RestGuard } from './pool/rest-guard.js';
import { SandboxCandidateCheck } from './sandbox-candidate-check.js';
import { SandboxEvents } from './sandbox-events.js';
import { SandboxFactory } from './sandbox.factory.js';
import { SandboxLifecycle } from './sandbox-lifecycle.js';
import { SandboxService } from './sandbox.service.js';
import { sandboxSettings } from './sandbox.settings.js';
export class SandboxModule {
}
SandboxModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(sandboxSettings.config),
            ConfigModule.forFeature(functionDefaults.config),
            ConfigModule.forFeature(sharesSettings.config),
            ClockModule,
            FunctionsModule,
            ContainerModule,
            IpcModule,
            EgressModule
        ],
        providers: [
            SandboxService,
            SandboxFactory,
            SandboxEvents,
            SandboxLifecycle,
            ReadyPools,
            MakeQueue,
            RestGuard,
            SandboxCandidateCheck
        ],
        exports: [
            SandboxService,
            SandboxEvents
        ]
    })
], SandboxModule);

//# sourceMappingURL=sandbox.module.js.map
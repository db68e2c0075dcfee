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
import { Clock } from '../common/time/clock.js';
import { AccountFiles } from './account-files.js';
import { ContainerService } from './container.service.js';
import { containerSettings, socketPathOf } from './container.settings.js';
import { EngineHealth } from './engine-health.js';
import { ContainerEngine } from './engine/container-engine.js';
import { DockerEngine } from './engine/docker/docker-engine.js';
import { EngineCalls, ObservedEngine } from './engine/observed-engine.js';
import { HostsFile } from './hosts-file.js';
export class ContainerModule {
}
ContainerModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(containerSettings.config),
            ClockModule
        ],
        providers: [
            {
                provide: ContainerEngine,
                useFactory: (clock, calls, settings)=>{
                    const docker = new DockerEngine(clock, {
                        ...settings,
                        socketPath: socketPathOf(settings)
                    });
                    return new ObservedEngine(docker, calls, clock);
                },
                inject: [
                    Clock,
                    EngineCalls,
                    containerSettings.config.KEY
                ]
            },
            EngineCalls,
            AccountFiles,
            HostsFile,
            EngineHealth,
            ContainerService
        ],
        exports: [
            ContainerService,
            EngineHealth,
            EngineCalls
        ]
    })
], ContainerModule);

//# sourceMappingURL=container.module.js.map
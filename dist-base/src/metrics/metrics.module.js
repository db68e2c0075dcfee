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
import { ContainerModule } from '../container/container.module.js';
import { containerSettings } from '../container/container.settings.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { AdmissionMetrics } from './admission-metrics.js';
import { ContainerMetrics } from './container-metrics.js';
import { FunctionMetrics } from './function-metrics.js';
import { InvocationMetrics } from './invocation-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings } from './metrics.settings.js';
import { PoolMetrics } from './pool-metrics.js';
import { ServerMetrics } from './server-metrics.js';
export class MetricsModule {
}
MetricsModule = _ts_decorate([
    Module({
        imports: [
            ConfigModule.forFeature(metricsSettings.config),
            ConfigModule.forFeature(containerSettings.config),
            FunctionsModule,
            ContainerModule,
            SandboxModule,
            InvocationModule
        ],
        controllers: [
            MetricsController
        ],
        providers: [
            MetricsRegistry,
            ServerMetrics,
            FunctionMetrics,
            InvocationMetrics,
            AdmissionMetrics,
            PoolMetrics,
            ContainerMetrics
        ]
    })
], MetricsModule);

//# sourceMappingURL=metrics.module.js.map
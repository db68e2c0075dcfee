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
import { AccessModule } from './access/access.module.js';
import { InstallationModule } from './common/installation/installation.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { InvocationModule } from './invocation/invocation.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RecordsModule } from './records/records.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
export class AppModule {
}
AppModule = _ts_decorate([
    Module({
        imports: [
            InstallationModule,
            TelemetryModule,
            AccessModule,
            HttpModule,
            InvocationModule,
            RecordsModule,
            HealthModule,
            MetricsModule
        ]
    })
], AppModule);

//# sourceMappingURL=app.module.js.map
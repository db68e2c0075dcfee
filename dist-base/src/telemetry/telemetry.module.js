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
import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Log } from '../common/log/log.js';
import { processLog } from './process-log.js';
import { telemetrySettings } from './telemetry.settings.js';
export class TelemetryModule {
}
TelemetryModule = _ts_decorate([
    Global(),
    Module({
        imports: [
            ConfigModule.forFeature(telemetrySettings.config)
        ],
        providers: [
            {
                provide: Log,
                inject: [
                    telemetrySettings.config.KEY
                ],
                useFactory: (settings)=>processLog(settings)
            }
        ],
        exports: [
            Log
        ]
    })
], TelemetryModule);

//# sourceMappingURL=telemetry.module.js.map
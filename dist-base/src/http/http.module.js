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
import { APP_FILTER } from '@nestjs/core';
import { ErrorTally } from '../common/errors/error-tally.js';
import { ClockModule } from '../common/time/clock.module.js';
import { httpSettings } from './http.settings.js';
import { ProblemAnswer } from './problem-answer.js';
import { ProblemFilter } from './problem.filter.js';
import { ServerStop } from './server-stop.js';
export class HttpModule {
}
HttpModule = _ts_decorate([
    Global(),
    Module({
        imports: [
            ConfigModule.forFeature(httpSettings.config),
            ClockModule
        ],
        providers: [
            ServerStop,
            ErrorTally,
            ProblemAnswer,
            {
                provide: APP_FILTER,
                useClass: ProblemFilter
            }
        ],
        exports: [
            ErrorTally
        ]
    })
], HttpModule);

//# sourceMappingURL=http.module.js.map
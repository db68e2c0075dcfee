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
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { InvocationsController } from './invocations/invocations.controller.js';
import { LogFeed } from './logs/log-feed.js';
import { LogFollowing } from './logs/log-following.js';
import { LogsController } from './logs/logs.controller.js';
import { RecordKeeper } from './record-keeper.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { recordsSettings } from './records.settings.js';
import { RecordStore } from './store/record-store.js';
import { RecordThread, ThreadRecordStore } from './store/thread/thread-record-store.js';
export class RecordsModule {
}
RecordsModule = _ts_decorate([
    Global(),
    Module({
        imports: [
            ConfigModule.forFeature(recordsSettings.config),
            ClockModule,
            FunctionsModule,
            SandboxModule,
            InvocationModule
        ],
        controllers: [
            LogsController,
            InvocationsController
        ],
        providers: [
            RecordKeeper,
            RecordWriter,
            RecordReader,
            LogFeed,
            LogFollowing,
            {
                provide: RecordThread,
                useFactory: ()=>new RecordThread()
            },
            {
                provide: RecordStore,
                inject: [
                    RecordThread,
                    Installation,
                    Clock,
                    Log,
                    recordsSettings.config.KEY
                ],
                useFactory: (thread, { recordsDatabase: file }, clock, log, { readTimeoutMs: timeoutMs, parallelReads: pending, ...budget })=>new ThreadRecordStore(thread, {
                        file,
                        budget
                    }, {
                        timeoutMs,
                        pending
                    }, clock, log)
            }
        ]
    })
], RecordsModule);

//# sourceMappingURL=records.module.js.map
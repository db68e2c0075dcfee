import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { AccessWatch } from '../common/auth/access-watch.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { InvocationsController } from './invocations/invocations.controller.js';
import { LogFollowing } from './logs/log-following.js';
import { FollowPace, LogFeed } from './logs/log-feed.js';
import { LogsController } from './logs/logs.controller.js';
import { ReadQueue } from './read-queue.js';
import { RecordKeeper } from './record-keeper.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';
import { RecordStore, scannedLines } from './store/record-store.js';
import { RecordThread, ThreadRecordStore } from './store/thread/thread-record-store.js';

/** What functions printed and how their calls went. Nothing depends on it but metrics and statistics, which read how much of it was lost. */
@Module({
  imports: [
    ConfigModule.forFeature(recordsSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    FunctionsModule,
    SandboxModule,
    InvocationModule,
  ],
  controllers: [LogsController, InvocationsController],
  providers: [
    RecordKeeper,
    RecordWriter,
    ReadQueue,
    RecordReader,
    LogFeed,
    FollowPace,
    AccessWatch,
    LogFollowing,
    { provide: RecordThread, useFactory: () => new RecordThread() },
    {
      provide: RecordStore,
      inject: [RecordThread, Installation, Clock, Log, recordsSettings.config.KEY],
      useFactory: (
        thread: RecordThread,
        installation: Installation,
        clock: Clock,
        log: Log,
        { readTimeoutMs: timeoutMs, parallelReads, followers, ...kept }: RecordsSettings,
      ) => {
        const budget = { ...kept, scannedLines };
        const start = () => ({ file: installation.recordsDatabase, budget });
        const limits = { timeoutMs, pending: parallelReads + followers };
        return new ThreadRecordStore(thread, start, limits, clock, log);
      },
    },
  ],
  exports: [RecordWriter],
})
export class RecordsModule {}

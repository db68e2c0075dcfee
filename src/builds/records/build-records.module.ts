import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../../common/time/clock.module.js';
import { FunctionsModule } from '../../functions/functions.module.js';
import { BuildJournal } from '../build-journal.js';
import { BuildStore } from '../store/build-store.js';
import { SqliteBuildStore } from '../store/sqlite/sqlite-build-store.js';
import { buildRecordsSettings, type BuildRecordsSettings } from './build-records.settings.js';
import { RecordedBuilds } from './recorded-builds.js';

/** A tenth for each function: one that is deployed all the time leaves something to the others. */
const functionShare = 10;
const ageMs = 30 * 24 * 60 * 60 * 1000;

/** What builds printed and how they went. */
@Module({
  imports: [ConfigModule.forFeature(buildRecordsSettings.config), ClockModule, FunctionsModule],
  providers: [
    {
      provide: SqliteBuildStore,
      inject: [buildRecordsSettings.config.KEY],
      useFactory: ({ builds, logBytes }: BuildRecordsSettings) =>
        new SqliteBuildStore({
          builds,
          buildsPerFunction: Math.ceil(builds / functionShare),
          logBytes,
          ageMs,
        }),
    },
    { provide: BuildStore, useExisting: SqliteBuildStore },
    RecordedBuilds,
    { provide: BuildJournal, useExisting: RecordedBuilds },
  ],
  exports: [BuildJournal, RecordedBuilds, SqliteBuildStore],
})
export class BuildRecordsModule {}

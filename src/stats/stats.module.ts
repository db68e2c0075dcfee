import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from '../common/installation/installation.js';
import { type AnySettingsGroup, readEnvironment } from '../common/settings/settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { ContainerModule } from '../container/container.module.js';
import { EventsModule } from '../events/events.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { healthSettings } from '../health/health.settings.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { RecordsModule } from '../records/records.module.js';
import { runtimesSettings } from '../runtimes/runtimes.settings.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { CallStatistics } from './call-statistics.js';
import { effectiveSettings } from './server/effective-setting.js';
import { ServerDescription, settingsInForce } from './server/server-description.js';
import { ServerController } from './server/server.controller.js';
import { mostMeasuredFiles, StorageSizes } from './server/storage-sizes.js';
import { ServerFactsReader } from './server-facts.js';
import { StatsReader } from './stats-reader.js';
import { StatsController } from './stats.controller.js';
import { statsSettings } from './stats.settings.js';

/**
 * What the server can show of itself without another program: calls over time, what needs attention, how it is set up. It
 * reads what other modules keep anyway when somebody asks, and listens for calls that have ended; none of them knows of it.
 */
@Module({})
export class StatsModule {
  /** `groups` are all settings of the server. */
  static showing(groups: readonly AnySettingsGroup[]): DynamicModule {
    return {
      module: StatsModule,
      imports: [
        ConfigModule.forFeature(statsSettings.config),
        ConfigModule.forFeature(healthSettings.config),
        ConfigModule.forFeature(runtimesSettings.config),
        ClockModule,
        EventsModule,
        FunctionsModule,
        ContainerModule,
        SandboxModule,
        InvocationModule,
        RecordsModule,
      ],
      controllers: [StatsController, ServerController],
      providers: [
        {
          provide: settingsInForce,
          useFactory: () => effectiveSettings(groups, readEnvironment()),
        },
        CallStatistics,
        ServerFactsReader,
        StatsReader,
        ServerDescription,
        {
          provide: StorageSizes,
          inject: [Installation, Clock],
          useFactory: (installation: Installation, clock: Clock) =>
            new StorageSizes(installation, clock, mostMeasuredFiles),
        },
      ],
    };
  }
}

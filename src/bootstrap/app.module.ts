import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ApiModule } from '../api/api.module.js';
import { InstallationModule } from '../common/installation/installation.module.js';
import { HealthModule } from '../health/health.module.js';
import { HttpModule } from '../http/http.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { RecordsModule } from '../records/records.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { HttpTriggerModule } from '../triggers/http/http-trigger.module.js';
import { settingsGroups } from './settings-groups.js';

/** The root module. `parts.ts` says which parts start and stop, and in which order. */
@Module({
  imports: [
    InstallationModule,
    TelemetryModule,
    AuthModule,
    HttpModule,
    ApiModule,
    HttpTriggerModule,
    RecordsModule,
    HealthModule,
    MetricsModule,
    StatsModule.showing(settingsGroups),
  ],
})
export class AppModule {}

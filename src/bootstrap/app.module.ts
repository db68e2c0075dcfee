import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { InstallationModule } from '../common/installation/installation.module.js';
import { HealthModule } from '../health/health.module.js';
import { HttpModule } from '../http/http.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { RecordsModule } from '../records/records.module.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';

/**
 * Where everything meets. At shutdown the order is: no new connection, calls in flight end, connections close,
 * containers go, the stores close, the directory's lock is released.
 */
@Module({
  imports: [
    InstallationModule,
    TelemetryModule,
    AccessModule,
    HttpModule,
    InvocationModule,
    RecordsModule,
    HealthModule,
    MetricsModule,
  ],
})
export class AppModule {}

import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ContainerModule } from '../container/container.module.js';
import { containerSettings } from '../container/container.settings.js';
import { EgressModule } from '../egress/egress.module.js';
import { ClockModule } from '../common/time/clock.module.js';
import { EventsModule } from '../events/events.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { RecordsModule } from '../records/records.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { HttpTriggerModule } from '../triggers/http/http-trigger.module.js';
import { AdmissionMetrics, InvocationMetrics } from './invocation-metrics.js';
import { ContainerMetrics, EgressMetrics, PoolMetrics } from './container-metrics.js';
import { EventMetrics } from './event-metrics.js';
import { FunctionMetrics, ServerMetrics } from './server-metrics.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { ScheduleMetrics } from './schedule-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { StorageMetrics } from './storage-metrics.js';
import { metricsSettings } from './metrics.settings.js';

/**
 * What the server exposes to Prometheus. It reads what the modules below keep anyway when somebody asks, and
 * listens for calls that have ended; none of them knows of it.
 */
@Module({
  imports: [
    ConfigModule.forFeature(metricsSettings.config),
    ConfigModule.forFeature(containerSettings.config),
    ClockModule,
    EventsModule,
    FunctionsModule,
    ContainerModule,
    EgressModule,
    SandboxModule,
    InvocationModule,
    HttpTriggerModule,
    RecordsModule,
    SchedulesModule,
  ],
  controllers: [MetricsController],
  providers: [
    MetricsRegistry,
    ServerMetrics,
    FunctionMetrics,
    InvocationMetrics,
    AdmissionMetrics,
    EventMetrics,
    PoolMetrics,
    ContainerMetrics,
    EgressMetrics,
    StorageMetrics,
    ScheduleMetrics,
  ],
})
export class MetricsModule {}

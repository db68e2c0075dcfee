import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/time/clock.module.js';
import { ContainerModule } from '../container/container.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { HealthController, Readiness } from './health.controller.js';
import { runtimesSettings } from '../runtimes/runtimes.settings.js';
import { healthSettings } from './health.settings.js';

@Module({
  imports: [
    ConfigModule.forFeature(healthSettings.config),
    ConfigModule.forFeature(runtimesSettings.config),
    // What fails is in the answer; a probe every second need not repeat it in the log.
    TerminusModule.forRoot({ logger: false }),
    ClockModule,
    ContainerModule,
    FunctionsModule,
    InvocationModule,
  ],
  controllers: [HealthController],
  providers: [Readiness],
})
export class HealthModule {}

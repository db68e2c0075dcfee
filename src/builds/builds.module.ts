import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { archiveSettings } from '../code/archive/archive.settings.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { ContainerModule } from '../container/container.module.js';
import { EgressModule } from '../egress/egress.module.js';
import { IpcModule } from '../ipc/ipc.module.js';
import { BuildService } from './build.service.js';
import { BuildSteps } from './build-steps.js';
import { buildsSettings } from './builds.settings.js';
import { BuildCache } from './cache/build-cache.js';
import { BuildRunner } from './container/build-runner.js';
import { BuildQueue } from './queue/build-queue.js';
import { BuildRecordsModule } from './records/build-records.module.js';

/** Makes what uploads lack. `Installation` and `Log` come from global modules. */
@Module({
  imports: [
    ConfigModule.forFeature(buildsSettings.config),
    ConfigModule.forFeature(archiveSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    ContainerModule,
    IpcModule,
    EgressModule,
    BuildRecordsModule,
  ],
  providers: [BuildQueue, BuildCache, BuildRunner, BuildSteps, BuildService],
  exports: [BuildService, BuildCache],
})
export class BuildsModule {}

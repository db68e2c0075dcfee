import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ReadSchedulerModule, ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { ContainerService } from './container.service.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import { EngineHealth } from './engine-health.js';
import { ContainerEngine } from './engine/container-engine.js';
import { DockerEngine } from './engine/docker/docker-engine.js';
import { dockerSettings, socketPathOf, type DockerSettings } from './engine/docker/docker.settings.js';
import { EngineCalls, ObservedEngine } from './engine/observed-engine.js';
import { ImageBuilder } from './image-builder.js';
import { OwnFiles } from './container-spec.js';

/** Containers and the engine that runs them. Needs `Installation` and `Log` from global modules. For another engine, replace the one provider. */
@Module({
  imports: [
    ConfigModule.forFeature(containerSettings.config),
    ConfigModule.forFeature(dockerSettings.config),
    ClockModule,
    ReadSchedulerModule,
  ],
  providers: [
    {
      provide: ContainerEngine,
      useFactory: (
        clock: Clock,
        readScheduler: ReadScheduler,
        calls: EngineCalls,
        limits: ContainerSettings,
        docker: DockerSettings,
      ) => {
        const engine = new DockerEngine(clock, readScheduler, {
          ...limits,
          socketPath: socketPathOf(docker),
        });
        return new ObservedEngine(engine, calls, clock);
      },
      inject: [Clock, ReadScheduler, EngineCalls, containerSettings.config.KEY, dockerSettings.config.KEY],
    },
    EngineCalls,
    OwnFiles,
    ImageBuilder,
    EngineHealth,
    ContainerService,
  ],
  exports: [ContainerService, EngineHealth, EngineCalls],
})
export class ContainerModule {}

import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Log } from '../common/log/log.js';
import { ReadSchedulerModule, ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { ContainerService } from './container.service.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import { EngineHealth } from './engine-health.js';
import { ContainerEngine } from './engine/container-engine.js';
import { DockerEngine } from './engine/docker/docker-engine.js';
import { dockerSettings, socketPathOf, type DockerSettings } from './engine/docker/docker.settings.js';
import { OciImages } from './engine/oci/images.js';
import { launcherProgram, OciEngine } from './engine/oci/oci-engine.js';
import { ociSettings, type OciSettings } from './engine/oci/oci.settings.js';
import { EngineCalls, ObservedEngine } from './engine/observed-engine.js';
import { ImageBuilder } from './image-builder.js';
import { OwnFiles } from './container-spec.js';

/** Containers and the engine that runs them. Needs `Installation` and `Log` from global modules. For another engine, replace the one provider. */
@Module({
  imports: [
    ConfigModule.forFeature(containerSettings.config),
    ConfigModule.forFeature(dockerSettings.config),
    ConfigModule.forFeature(ociSettings.config),
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
        log: Log,
        limits: ContainerSettings,
        docker: DockerSettings,
        oci: OciSettings,
      ) => {
        const engine =
          limits.engineKind === 'docker'
            ? new DockerEngine(clock, readScheduler, { ...limits, socketPath: socketPathOf(docker) })
            : new OciEngine(clock, readScheduler, {
                ...limits,
                ...oci,
                images: new OciImages(oci.images, log),
                launcher: launcherProgram,
              });
        return new ObservedEngine(engine, calls, clock);
      },
      inject: [
        Clock,
        ReadScheduler,
        EngineCalls,
        Log,
        containerSettings.config.KEY,
        dockerSettings.config.KEY,
        ociSettings.config.KEY,
      ],
    },
    EngineCalls,
    OwnFiles,
    ImageBuilder,
    EngineHealth,
    ContainerService,
  ],
  exports: [ContainerEngine, ContainerService, EngineHealth, EngineCalls],
})
export class ContainerModule {}

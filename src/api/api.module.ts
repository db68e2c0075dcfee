import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { BuildRecordsModule } from '../builds/records/build-records.module.js';
import { buildRecordsSettings } from '../builds/records/build-records.settings.js';
import { BuildsModule } from '../builds/builds.module.js';
import { archiveSettings } from '../code/archive/archive.settings.js';
import { AccessWatch } from '../common/auth/access-watch.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { DeploymentModule } from '../deployment/deployment.module.js';
import { deploymentSettings } from '../deployment/deployment.settings.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { secretsSettings } from '../secrets/secrets.settings.js';
import { SettingsController } from './settings/settings.controller.js';
import { EventsModule } from '../events/events.module.js';
import { eventsSettings } from '../events/events.settings.js';
import { EventsController } from './events/events.controller.js';
import { EventWaiting } from './events/event-waiting.js';
import { BuildFollowing } from './builds/build-following.js';
import { BuildsController } from './builds/builds.controller.js';
import { ArchiveUploadInterceptor } from './deploy/archive-upload.interceptor.js';
import { DeployController } from './deploy/deploy.controller.js';
import { FunctionsController } from './functions/functions.controller.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { SecretsController } from './secrets/secrets.controller.js';
import { VersionsController } from './versions/versions.controller.js';

/** The routes that show and change functions: they read requests, call a use case, and write its answer. */
@Module({
  imports: [
    ConfigModule.forFeature(archiveSettings.config),
    ConfigModule.forFeature(deploymentSettings.config),
    ConfigModule.forFeature(secretsSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ConfigModule.forFeature(buildRecordsSettings.config),
    ConfigModule.forFeature(eventsSettings.config),
    BuildRecordsModule,
    EventsModule,
    ClockModule,
    FunctionsModule,
    BuildsModule,
    DeploymentModule,
    SchedulesModule,
  ],
  controllers: [
    DeployController,
    VersionsController,
    FunctionsController,
    SettingsController,
    SecretsController,
    SchedulesController,
    BuildsController,
    EventsController,
  ],
  providers: [ArchiveUploadInterceptor, AccessWatch, BuildFollowing, EventWaiting],
})
export class ApiModule {}

import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { BuildsModule } from '../builds/builds.module.js';
import { CodeModule } from '../code/code.module.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { EgressModule } from '../egress/egress.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { functionDefaults } from '../functions/settings/default-settings.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { secretsSettings } from '../secrets/secrets.settings.js';
import { LoadVerifier } from './load-verifier.js';
import { FunctionLock } from './function-lock.js';
import { ChangeCommits } from './change-commits.js';
import { DeletionService } from './deletion.service.js';
import { DeployService } from './deploy.service.js';
import { deploymentSettings } from './deployment.settings.js';
import { ReplacementService } from './replacement.service.js';
import { SecretsService } from './secrets.service.js';
import { SettingsReader, SettingsService } from './settings.service.js';
import { VersionRetention } from './version-retention.js';
import { VersionService } from './version.service.js';

/**
 * The use cases that change functions: deploy, publish, roll back, configure, set secrets, delete. They stand above the
 * sandboxes, because code is loaded in one before it counts. Knows nothing of HTTP: `src/api` calls it.
 */
@Module({
  imports: [
    ConfigModule.forFeature(deploymentSettings.config),
    ConfigModule.forFeature(secretsSettings.config),
    ConfigModule.forFeature(functionDefaults.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    FunctionsModule,
    CodeModule,
    BuildsModule,
    SecretsModule,
    EgressModule,
    SandboxModule,
  ],
  providers: [
    FunctionLock,
    LoadVerifier,
    SettingsReader,
    ChangeCommits,
    ReplacementService,
    DeployService,
    VersionRetention,
    VersionService,
    SettingsService,
    SecretsService,
    DeletionService,
  ],
  exports: [ChangeCommits, DeployService, VersionService, SettingsService, SecretsService, DeletionService],
})
export class DeploymentModule {}

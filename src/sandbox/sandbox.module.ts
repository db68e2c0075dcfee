import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { CodeModule } from '../code/code.module.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { ContainerModule } from '../container/container.module.js';
import { EgressModule } from '../egress/egress.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { functionDefaults } from '../functions/settings/default-settings.js';
import { IpcModule } from '../ipc/ipc.module.js';
import { runtimesSettings } from '../runtimes/runtimes.settings.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { Provisioner } from './pool/provisioner.js';
import { ReadyPools } from './pool/ready-pools.js';
import { IdleGuard } from './pool/idle-guard.js';
import { SandboxEvents } from './sandbox-events.js';
import { SandboxLifecycle } from './sandbox-lifecycle.js';
import { SandboxFactory } from './sandbox.factory.js';
import { SandboxService } from './sandbox.service.js';
import { sandboxSettings } from './sandbox.settings.js';

@Module({
  imports: [
    ConfigModule.forFeature(sandboxSettings.config),
    ConfigModule.forFeature(functionDefaults.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ConfigModule.forFeature(runtimesSettings.config),
    ClockModule,
    FunctionsModule,
    CodeModule,
    SecretsModule,
    ContainerModule,
    IpcModule,
    EgressModule,
  ],
  providers: [
    SandboxService,
    SandboxFactory,
    SandboxEvents,
    SandboxLifecycle,
    ReadyPools,
    Provisioner,
    IdleGuard,
  ],
  exports: [SandboxService, SandboxEvents],
})
export class SandboxModule {}

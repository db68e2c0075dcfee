import { readdirSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { openDatabase } from '../common/database/open-database.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { sharesSettings } from '../common/shares/shares.settings.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { archiveSettings } from './archive/archive.settings.js';
import { CodeThread } from './archive/code-thread.js';
import { ThreadTreeDigester } from './archive/thread-tree-digester.js';
import { ThreadUnpacker } from './archive/thread-unpacker.js';
import { TreeDigester } from './archive/tree-digester.js';
import { Unpacker } from './archive/unpacker.js';
import { Candidates } from './candidates.js';
import { ChangeTurns } from './change-turns.js';
import { CodeCheck } from './code-check.js';
import { CodeDirectory, isFunctionDirectoryName } from './code/code-directory.js';
import { CodeStore } from './code/code-store.js';
import { codeSettings } from './code/code.settings.js';
import { DiskCodeStore } from './code/disk-code-store.js';
import { SettingsController } from './settings/settings.controller.js';
import { SettingsService } from './settings/settings.service.js';
import { DeletionService } from './deletion.service.js';
import { ArchiveUploadInterceptor } from './deploy/archive-upload.interceptor.js';
import { DeployController } from './deploy/deploy.controller.js';
import { DeployService } from './deploy/deploy.service.js';
import { FunctionEvents } from './function-events.js';
import { FunctionRegistry } from './function-registry.js';
import { FunctionsLifecycle } from './functions-lifecycle.js';
import { FunctionsController } from './functions.controller.js';
import { functionsSettings, type FunctionsSettings } from './functions.settings.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { ReplacementService } from './replacement.service.js';
import { RetiredCode } from './retired-code.js';
import { functionDefaults, type FunctionDefaults } from './settings/default-settings.js';
import { SettingsReader } from './settings/settings-reader.js';
import { openMasterKeySource } from './secrets/master-key-source.js';
import { SecretVault } from './secrets/secret-vault.js';
import { SecretsController } from './secrets/secrets.controller.js';
import { SecretsService } from './secrets/secrets.service.js';
import { secretsSettings, type SecretsSettings } from './secrets/secrets.settings.js';
import { VersionRetention } from './versions/version-retention.js';
import { VersionService } from './versions/version.service.js';
import { VersionsController } from './versions/versions.controller.js';
import { FunctionStore } from './store/function-store.js';
import { functionsHistory } from './store/sqlite/migrations.js';
import { SqliteFunctionStore } from './store/sqlite/sqlite-function-store.js';

/**
 * What a function is: deploying, describing, deleting. Modules above read `FunctionRegistry` and `CodeStore`, listen to
 * `FunctionEvents`, change functions with `ReplacementService`, tell
 * `LoadOutcomes` how loading went, and give `Candidates` its `CandidateCheck`; this module knows none of them.
 */
@Module({
  imports: [
    ConfigModule.forFeature(functionsSettings.config),
    ConfigModule.forFeature(archiveSettings.config),
    ConfigModule.forFeature(codeSettings.config),
    ConfigModule.forFeature(secretsSettings.config),
    ConfigModule.forFeature(functionDefaults.config),
    ConfigModule.forFeature(sharesSettings.config),
    ClockModule,
  ],
  controllers: [
    DeployController,
    VersionsController,
    FunctionsController,
    SettingsController,
    SecretsController,
  ],
  providers: [
    ChangeTurns,
    Candidates,
    DeployService,
    ReplacementService,
    VersionRetention,
    VersionService,
    DeletionService,
    ArchiveUploadInterceptor,
    FunctionsLifecycle,
    FunctionEvents,
    InvocationCounter,
    RetiredCode,
    CodeCheck,
    LoadOutcomes,
    SettingsReader,
    SettingsService,
    SecretsService,
    {
      provide: SqliteFunctionStore,
      inject: [Installation, functionsSettings.config.KEY, functionDefaults.config.KEY],
      useFactory: (
        installation: Installation,
        { storeLockTimeoutMs: lockTimeoutMs }: FunctionsSettings,
        defaults: FunctionDefaults,
      ) => {
        const connect = () => {
          const mayCreate = !readdirSync(installation.functions).some(isFunctionDirectoryName);
          return openDatabase(installation.database, functionsHistory, { lockTimeoutMs, mayCreate });
        };
        return new SqliteFunctionStore(connect, lockTimeoutMs, defaults);
      },
    },
    { provide: FunctionStore, useExisting: SqliteFunctionStore },
    {
      provide: CodeDirectory,
      inject: [Installation],
      useFactory: (installation: Installation) => new CodeDirectory(installation),
    },
    { provide: CodeThread, useFactory: () => new CodeThread() },
    { provide: Unpacker, useClass: ThreadUnpacker },
    { provide: TreeDigester, useClass: ThreadTreeDigester },
    { provide: CodeStore, useClass: DiskCodeStore },
    {
      provide: SecretVault,
      inject: [Installation, Log, secretsSettings.config.KEY],
      useFactory: (installation: Installation, log: Log, settings: SecretsSettings) =>
        new SecretVault(() => openMasterKeySource(installation.directory, settings), log),
    },
    {
      provide: FunctionRegistry,
      inject: [InvocationCounter, Clock, functionsSettings.config.KEY],
      useFactory: (counter: InvocationCounter, clock: Clock, { maxFunctions }: FunctionsSettings) =>
        new FunctionRegistry(counter, clock, maxFunctions),
    },
  ],
  exports: [
    FunctionRegistry,
    FunctionEvents,
    Candidates,
    LoadOutcomes,
    ReplacementService,
    SecretVault,
    CodeStore,
    FunctionStore,
  ],
})
export class FunctionsModule {}

import { Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { openMasterKeySource } from './master-key-source.js';
import { resealSecrets } from './reseal-secrets.js';
import { SecretVault } from './secret-vault.js';
import { secretsSettings, type SecretsSettings } from './secrets.settings.js';

/** The keys that secrets are sealed with, and the vault that alone seals and opens. */
@Module({
  imports: [ConfigModule.forFeature(secretsSettings.config), FunctionsModule],
  providers: [
    {
      provide: SecretVault,
      inject: [Installation, Log, secretsSettings.config.KEY],
      useFactory: ({ directory }: Installation, log: Log, settings: SecretsSettings) =>
        new SecretVault(openMasterKeySource(directory, settings), log),
    },
  ],
  exports: [SecretVault],
})
export class SecretsModule implements OnModuleInit {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly vault: SecretVault,
    private readonly log: Log,
  ) {}

  /** Before anything is loaded with a secret. */
  onModuleInit(): Promise<void> {
    return resealSecrets(this.registry, this.store, this.vault, this.log);
  }
}

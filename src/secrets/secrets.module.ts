import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { openMasterKeySource } from './master-keys.js';
import { SecretVault } from './secret-vault.js';
import { secretsSettings, type SecretsSettings } from './secrets.settings.js';

/** The keys that secrets are sealed with, and the vault that alone seals and opens. */
@Module({
  imports: [ConfigModule.forFeature(secretsSettings.config)],
  providers: [
    {
      provide: SecretVault,
      inject: [Installation, Log, secretsSettings.config.KEY],
      useFactory: (installation: Installation, log: Log, settings: SecretsSettings) =>
        new SecretVault(() => openMasterKeySource(installation.directory, settings), log),
    },
  ],
  exports: [SecretVault],
})
export class SecretsModule {}

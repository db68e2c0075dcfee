import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from './installation.js';
import { installationSettings } from './installation.settings.js';
import { ServerDirectory } from './server-directory.js';

/** Global, because every module that keeps something keeps it there. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(installationSettings.config)],
  providers: [
    ServerDirectory,
    {
      provide: Installation,
      inject: [ServerDirectory],
      useFactory: (directory: ServerDirectory) => new Installation(() => directory.place),
    },
  ],
  exports: [Installation],
})
export class InstallationModule {}

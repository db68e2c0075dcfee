import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { homedir } from 'node:os';
import { readEnvironment } from '../settings/environment.js';
import { defaultDirectory } from './default-directory.js';
import { Installation } from './installation.js';
import { installationSettings, type InstallationSettings } from './installation.settings.js';
import { openInstallation, type OpenInstallation } from './open-installation.js';

/** Opens the installation before anything that lives in it, and lets go of its lock after everything has closed. */
@Injectable()
export class InstallationHolder implements OnApplicationShutdown {
  readonly opened: OpenInstallation;

  constructor(@Inject(installationSettings.config.KEY) settings: InstallationSettings) {
    this.opened = openInstallation(settings.directory === '' ? usersDirectory() : settings.directory);
  }

  onApplicationShutdown(): void {
    this.opened.lock.release();
  }
}

function usersDirectory(): string {
  return defaultDirectory({
    isRoot: process.getuid?.() === 0,
    home: homedir(),
    dataHome: readEnvironment()['XDG_DATA_HOME'],
  });
}

/** Global modules are initialised first and shut down last, which the lock needs. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(installationSettings.config)],
  providers: [
    InstallationHolder,
    {
      provide: Installation,
      inject: [InstallationHolder],
      useFactory: (holder: InstallationHolder) => holder.opened.installation,
    },
  ],
  exports: [Installation],
})
export class InstallationModule {}

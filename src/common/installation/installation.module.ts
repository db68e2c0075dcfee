import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from './installation.js';
import { installationSettings, type InstallationSettings } from './installation.settings.js';
import { wantedDirectory } from './wanted-directory.js';
import { openInstallation, type OpenInstallation } from './open-installation.js';

/** Opens the installation before anything that lives in it, and lets go of its lock after everything has closed. */
@Injectable()
export class InstallationHolder implements OnApplicationShutdown {
  readonly opened: OpenInstallation;

  constructor(@Inject(installationSettings.config.KEY) settings: InstallationSettings) {
    this.opened = openInstallation(wantedDirectory(settings));
  }

  onApplicationShutdown(): void {
    this.opened.lock.release();
  }
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

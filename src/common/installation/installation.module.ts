import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation, type InstallationPlace } from './installation.js';
import { installationSettings, type InstallationSettings, wantedDirectory } from './installation.settings.js';
import { openInstallation, type OpenInstallation } from './open-installation.js';

/** The server's own directory: opened and locked before anything that lives in it, let go after everything has closed. */
@Injectable()
export class ServerDirectory {
  private opened: OpenInstallation | undefined;

  constructor(@Inject(installationSettings.config.KEY) private readonly settings: InstallationSettings) {}

  get place(): InstallationPlace {
    if (!this.opened) throw new Error("The server's directory is not open.");
    const { directory, node } = this.opened.installation;
    return { directory, nodeId: node.id };
  }

  /** Throws an `InstallationError` where it cannot be used, and has changed nothing then. */
  open(): void {
    this.opened = openInstallation(wantedDirectory(this.settings));
  }

  release(): void {
    this.opened?.lock.release();
  }
}

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

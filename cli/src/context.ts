import { Server } from './api/server.js';
import type { Host } from './host.js';
import { configDirectory, ProfileStore } from './profile/profile-store.js';
import { chooseTarget, chosenProfile, type Target } from './profile/target.js';
import { Printer } from './terminal/printer.js';
import { during, type Progress } from './terminal/progress.js';

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: true;
  readonly profile?: string;
}

/** What a command works with. Nothing of it is made before a command asks for it, when the options are known. */
export class Context {
  readonly profiles: ProfileStore;
  private madePrinter: Printer | undefined;

  constructor(
    readonly host: Host,
    private readonly options: () => GlobalOptions,
  ) {
    this.profiles = new ProfileStore(configDirectory(host));
  }

  get isJson(): boolean {
    return this.options().json === true;
  }

  get printer(): Printer {
    return (this.madePrinter ??= new Printer(this.host, { isJson: this.isJson }));
  }

  /** The name of the profile that is meant, whether there is one or not. */
  get profileName(): string {
    return chosenProfile(this.options().profile, this.host.environment).name;
  }

  /** Which server is meant, by the options, the environment and the profile. */
  async target(): Promise<Target> {
    const { profile } = this.options();
    return chooseTarget(profile, this.host.environment, await this.profiles.read(this.profileName));
  }

  async server(): Promise<Server> {
    return new Server(await this.target(), this.host.interrupted);
  }

  /** Shows that something takes its time while `work` goes on. */
  during<T>(text: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    return during(this.host, text, work);
  }
}

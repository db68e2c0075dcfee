import { adminKey } from '../server/admin-key.js';
import { SteppedServer } from './stepped-server.js';

/** The server of a directory, which starts again whenever it is needed and dead. */
export class RestartedServer {
  private running: SteppedServer | undefined;

  private constructor(
    private readonly directory: string,
    private readonly key: string,
  ) {}

  static async on(directory: string): Promise<RestartedServer> {
    return new RestartedServer(directory, await adminKey(directory));
  }

  async alive(): Promise<SteppedServer> {
    this.running ??= await SteppedServer.start(this.directory, this.key);
    return this.running;
  }

  /** Rejects unless it ends in order. */
  async stop(): Promise<void> {
    await this.running?.server.stop();
    this.running = undefined;
  }

  async kill(): Promise<void> {
    await this.running?.server.kill();
    this.running = undefined;
  }
}

import { DockerClient } from './docker-client.js';
import { startByHand } from './docker-start.js';
import type { MeasuredEngine } from './measured-engine.js';

export class MeasuredDocker implements MeasuredEngine {
  readonly id = 'docker';
  private readonly client: DockerClient;

  /** @param host as in `DOCKER_HOST` */
  constructor(
    private readonly image: string,
    private readonly host: string,
  ) {
    this.client = new DockerClient(host.replace(/^unix:\/\//, ''));
  }

  async version() {
    return `Docker Engine ${await this.client.version()}`;
  }

  /** Docker is the default. */
  environment() {
    return { GLAMBDAR_WORKER_IMAGE: this.image, DOCKER_HOST: this.host };
  }

  containersOf(directory: string) {
    return this.client.containersMounting(directory);
  }

  remains(directory: string) {
    return this.containersOf(directory);
  }

  memoryBytes(id: string) {
    return this.client.memoryBytes(id);
  }

  mainProcess(id: string) {
    return this.client.mainProcess(id);
  }

  /** The server's own container made by hand; see there. */
  startByHand(directory: string) {
    return startByHand(this.client, this.image, directory);
  }

  close() {
    this.client.close();
  }
}

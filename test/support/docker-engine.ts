import Docker from 'dockerode';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { EngineView } from './engine.js';

/** The Docker Engine that the integration tests run against, found as other Docker tools find it. */
export const engineSocketPath =
  (process.env['DOCKER_HOST'] ?? '').replace(/^unix:\/\//, '') || '/var/run/docker.sock';

const docker = new Docker({ socketPath: engineSocketPath });

/** What the engine knows of an installation's containers, whatever their state. */
export const dockerContainers: EngineView = {
  async containersOf(installationId) {
    return (await listed(installationId)).map(({ Names }) => Names.join());
  },
  async buildContainersOf(installationId) {
    const builds = (await listed(installationId)).filter(({ Image }) => Image.startsWith('glambdar-build'));
    return builds.map(({ Names }) => Names.join());
  },
  async recordsOf(installationId) {
    const asked = (await listed(installationId)).map(({ Id }) => docker.getContainer(Id).inspect());
    const records = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled');
    return records.map((record) => JSON.stringify(record));
  },
};

function listed(installationId: string) {
  const filters = { label: [`io.glambdar.installation=${installationId}`] };
  return docker.listContainers({ all: true, filters });
}

export type EngineFault = 'none' | 'refuse' | 'hang' | 'cut' | 'delay' | 'garble';
export const engineFaults: readonly EngineFault[] = ['refuse', 'hang', 'cut', 'delay', 'garble'];

const delayMs = 700;

/** A socket that leads to the real engine: an engine that a test can stop and start, and that fails as it is told to. */
export class EngineProxy {
  /** Counts for connections that were open before, too. */
  fault: EngineFault = 'none';
  private server: Server | undefined;
  private readonly open = new Set<Socket>();

  constructor(readonly socketPath: string) {}

  bringUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      // Attached output is half-closed by either side, as the engine itself does it.
      this.server = createServer({ allowHalfOpen: true }, (client) => {
        this.forward(client);
      })
        .once('error', reject)
        .listen(this.socketPath, resolve);
    });
  }

  /** As when the engine's process ends: connections break, new ones are refused. */
  takeDown(): void {
    this.server?.close();
    for (const socket of this.open) socket.destroy();
    rmSync(this.socketPath, { force: true });
  }

  private forward(client: Socket): void {
    const engine = connect({ path: engineSocketPath, allowHalfOpen: true });
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.open.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        this.open.delete(from);
        to.destroy();
      });
      from.on('data', (chunk: Buffer) => {
        this.pass(chunk, from, to, from === engine);
      });
      from.on('end', () => to.end());
    }
    if (this.fault === 'refuse') client.destroy();
  }

  private pass(chunk: Buffer, from: Socket, to: Socket, isAnswer: boolean): void {
    switch (this.fault) {
      case 'none':
        if (to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
        return;
      case 'refuse':
        to.destroy();
        return;
      case 'hang':
        return;
      case 'cut':
        // Half of an answer, then the end: the work was done.
        if (isAnswer) to.end(chunk.subarray(0, chunk.length / 2));
        else to.write(chunk);
        return;
      case 'delay':
        setTimeout(() => to.write(chunk), delayMs).unref();
        return;
      case 'garble':
        to.write(
          isAnswer ? Buffer.from(chunk.map((byte, index) => (index % 7 === 3 ? byte ^ 0x55 : byte))) : chunk,
        );
        return;
      default:
        this.fault satisfies never;
    }
  }
}

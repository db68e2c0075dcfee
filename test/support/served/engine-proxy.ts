import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { engineSocketPath } from '../engine-socket.js';

/** A socket that leads to the real engine until it is taken down: an engine that a test can stop and start. */
export class EngineProxy {
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
      from.pipe(to);
    }
  }
}

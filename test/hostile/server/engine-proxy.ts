import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { engineSocketPath } from '../../support/engine-socket.js';

export type ProxyFault = 'none' | 'refuse' | 'hang' | 'cut' | 'delay' | 'garble';
export const proxyFaults: readonly ProxyFault[] = ['refuse', 'hang', 'cut', 'delay', 'garble'];

const delayMs = 700;

/** Stands between the server and the real engine, and fails as told: also connections that were open before. */
export class EngineProxy {
  fault: ProxyFault = 'none';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly path: string,
  ) {}

  static async listen(path: string): Promise<EngineProxy> {
    const server = createServer((client) => {
      proxy.carry(client);
    });
    const proxy = new EngineProxy(server, path);
    server.listen(path);
    await once(server, 'listening');
    return proxy;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await rm(this.path, { force: true });
  }

  private carry(client: Socket): void {
    const engine = connect(engineSocketPath);
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.on('data', (chunk: Buffer) => {
        this.pass(chunk, to, from === engine);
      });
      from.on('end', () => to.end());
    }
    if (this.fault === 'refuse') client.destroy();
  }

  private pass(chunk: Buffer, to: Socket, isAnswer: boolean): void {
    switch (this.fault) {
      case 'none':
        to.write(chunk);
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

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry that takes every question and answers none. */
export class HeldRegistry {
  private readonly server: Server = createServer();

  static async open(): Promise<HeldRegistry> {
    const registry = new HeldRegistry();
    registry.server.listen(0, '127.0.0.1');
    await once(registry.server, 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Resolves at the next question. */
  async asked(): Promise<void> {
    await once(this.server, 'request');
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

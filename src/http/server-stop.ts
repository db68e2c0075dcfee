import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Clock } from '../common/time/clock.js';
import { httpSettings, type HttpSettings } from './http.settings.js';

/**
 * Ends the HTTP server in two steps around the calls in flight: first no connection is accepted any more, then, when
 * no call is left, the connections go.
 */
@Injectable()
export class ServerStop {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly clock: Clock,
    @Inject(httpSettings.config.KEY) private readonly settings: HttpSettings,
  ) {}

  /** Accepts no connection any more; those that there are end when they are unused. */
  refuseConnections(): void {
    const server = this.server;
    if (!server.listening) return;
    // A connection is closed once it is unused, and not kept for another request.
    server.keepAliveTimeout = 1;
    server.close();
  }

  /** Lets clients read the answers that are on their way, for a limited time. */
  async closeConnections(): Promise<void> {
    const server = this.server;
    if ((await connectionsOf(server)) === 0) return;
    const closed = once(server, 'close');
    const cancelForce = this.clock.schedule(this.settings.closeTimeoutMs, () => {
      server.closeAllConnections();
    });
    server.closeIdleConnections();
    await closed;
    cancelForce();
  }

  private get server(): Server {
    return this.adapterHost.httpAdapter.getHttpServer() as Server;
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => {
      resolve(error ? 0 : count);
    });
  });
}

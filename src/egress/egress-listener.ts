import { createServer, type Server, type Socket } from 'node:net';
import type { CancelTimer, Clock } from '../common/time/clock.js';

export interface ListenerLimits {
  readonly connectionsPerSecond: number;
}

export interface ConnectionsListener {
  onConnection(client: Socket): void;
  /** One beyond the limit, which is to be refused. */
  onExcess(client: Socket): void;
  onFault(error: Error): void;
}

const windowMs = 1000;

/** How many beyond the limit are refused with an answer in one second. */
const maxExcess = 20;

/**
 * A socket that a container may connect to again and again, but not faster than its limit. The first connections beyond
 * it are refused with an answer; then nobody listens until the second is over, because answering every connection of a
 * flood would cost this process more than it costs the flood.
 */
export class EgressListener {
  private server: Server | undefined;
  private windowStartMs = Number.NEGATIVE_INFINITY;
  private inWindow = 0;
  private isClosed = false;
  private cancelReopening: CancelTimer = () => undefined;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly limits: ListenerLimits,
    private readonly listener: ConnectionsListener,
  ) {}

  /** Resolves when the container can connect. */
  async listen(): Promise<void> {
    const listening: PromiseWithResolvers<void> = Promise.withResolvers();
    const server = createServer({ allowHalfOpen: true }, (client) => {
      this.accept(client);
    });
    this.server = server;
    server.once('error', listening.reject);
    // The directory keeps everybody else out; the container's unprivileged user must get in.
    server.listen({ path: this.path, readableAll: true, writableAll: true }, listening.resolve);
    await listening.promise;
    // A connection that could not be accepted is lost; the next one may work.
    server.on('error', this.onFault);
  }

  /** Removes the socket. Connections that are open go on. */
  close(): void {
    this.isClosed = true;
    this.cancelReopening();
    this.server?.close();
  }

  private accept(client: Socket): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.windowStartMs >= windowMs) {
      this.windowStartMs = nowMs;
      this.inWindow = 0;
    }
    this.inWindow += 1;
    const { connectionsPerSecond } = this.limits;
    if (this.inWindow <= connectionsPerSecond) {
      this.listener.onConnection(client);
    } else if (this.inWindow <= connectionsPerSecond + maxExcess) {
      this.listener.onExcess(client);
    } else {
      client.on('error', () => undefined).destroy();
      if (this.inWindow === connectionsPerSecond + maxExcess + 1)
        this.pause(this.windowStartMs + windowMs - nowMs);
    }
  }

  private pause(forMs: number): void {
    this.server?.close();
    this.cancelReopening = this.clock.schedule(forMs, () => {
      if (!this.isClosed) this.listen().catch(this.onFault);
    });
  }

  private readonly onFault = (error: unknown): void => {
    this.listener.onFault(error as Error);
  };
}

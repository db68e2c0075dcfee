import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Stubbornness {
  /** All that it sends at once. */
  readonly bytes: string;
  /** What it goes on sending, a little at a time, for as long as somebody takes it. */
  readonly drip?: string;
  /** It closes its sending side, and only that, once the bytes are sent. */
  readonly closesHalf?: boolean;
}

const dripMs = 200;

/** A client that never reads, never closes and never finishes, whatever the server does with the connection. */
export class StubbornClient {
  private dripping: NodeJS.Timeout | undefined;

  private constructor(private readonly socket: Socket) {}

  static async open(
    port: number,
    { bytes, drip, closesHalf = false }: Stubbornness,
  ): Promise<StubbornClient> {
    // Neither side's end ends the other's, and what the server sends stays in the kernel.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.on('error', () => undefined).pause();
    await once(socket, 'connect').catch(() => undefined);
    socket.write(bytes);
    if (closesHalf) socket.end();
    const client = new StubbornClient(socket);
    if (drip !== undefined) {
      client.dripping = setInterval(() => {
        if (socket.writable && socket.writableLength === 0) socket.write(drip);
      }, dripMs);
    }
    return client;
  }

  /** The trial is over. */
  letGo(): void {
    clearInterval(this.dripping);
    this.socket.destroy();
  }
}

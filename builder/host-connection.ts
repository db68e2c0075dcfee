import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buildWindowChunks } from '../src/builds/protocol/limits.js';
import type { BuilderMessage, BuildHostMessage, BuildMessage } from '../src/builds/protocol/messages.js';
import { encodeFrame, FrameDecoder } from '../src/ipc/protocol/frame.js';
import { maxHostJsonBytes } from '../src/ipc/protocol/limits.js';

/**
 * The builder's end of the socket. It trusts the host, not the other way round. When the host closes the socket the
 * process ends, and with it all that it started.
 */
export class HostConnection {
  private readonly order = Promise.withResolvers<BuildMessage>();
  private credit = buildWindowChunks;
  private credited: PromiseWithResolvers<undefined> = Promise.withResolvers();

  private constructor(private readonly socket: Socket) {
    const decoder = new FrameDecoder({ maxJsonBytes: maxHostJsonBytes, maxBodyBytes: 0 });
    socket.on('data', (bytes: Buffer) => {
      decoder.push(bytes);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        this.receive(JSON.parse(frame.json.toString('utf8')) as BuildHostMessage);
      }
    });
  }

  /** `onClosed` is called when the host is gone, or was never there. */
  static async open(path: string, onClosed: () => void): Promise<HostConnection> {
    const socket = connect(path);
    socket.on('error', onClosed).on('end', onClosed).on('close', onClosed);
    await once(socket, 'connect');
    return new HostConnection(socket);
  }

  /** What the host wants built. */
  get build(): Promise<BuildMessage> {
    return this.order.promise;
  }

  /** Resolves when the socket takes more, so that whoever waits sends no faster than the host reads. */
  async send(message: BuilderMessage, body?: Uint8Array): Promise<void> {
    let hasRoom = true;
    for (const part of encodeFrame(JSON.stringify(message), body)) hasRoom = this.socket.write(part);
    if (!hasRoom && this.socket.writableNeedDrain) await once(this.socket, 'drain');
  }

  /** Sends the next bytes of the zip once the host has room for them. */
  async sendChunk(bytes: Uint8Array): Promise<void> {
    while (this.credit === 0) await this.credited.promise;
    this.credit -= 1;
    await this.send({ type: 'chunk' }, bytes);
  }

  /** Resolves when all that was sent has left. */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.end(resolve);
    });
  }

  private receive(message: BuildHostMessage): void {
    if (message.type === 'build') {
      this.order.resolve(message);
      return;
    }
    this.credit += message.chunks;
    this.credited.resolve(undefined);
    this.credited = Promise.withResolvers();
  }
}

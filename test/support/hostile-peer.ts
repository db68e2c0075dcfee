import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, FrameDecoder } from '../../src/ipc/protocol/frame.js';
import { protocolVersion, type HostMessage } from '../../src/ipc/protocol/messages.js';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';

/** Whoever holds a worker's end of the socket: it says what a test tells it to, well-formed or not. */
export class HostilePeer {
  /** Chunks that the host has given credit for. */
  credits = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly token: string,
  ) {
    const decoder = new FrameDecoder({ maxJsonBytes: 1e7, maxBodyBytes: 1e7 });
    socket.on('data', (bytes: Buffer) => {
      decoder.push(bytes);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        const message = JSON.parse(frame.json.toString()) as HostMessage;
        if (message.type === 'credit') this.credits += message.chunks;
      }
    });
  }

  static async connectedTo(endpoint: WorkerEndpoint): Promise<HostilePeer> {
    const socket = connect(join(endpoint.directory, 'socket'));
    // The host hangs up on it, also in the middle of a write.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return new HostilePeer(socket, endpoint.token);
  }

  hello(changes: object = {}): void {
    this.say({ type: 'hello', protocolVersion, token: this.token, ...changes });
  }

  say(message: object, body?: Buffer): void {
    this.write(frameOf(message, body));
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  stopReading(): void {
    this.socket.pause();
  }

  halfClose(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  get closed(): Promise<unknown> {
    return this.socket.closed ? Promise.resolve() : once(this.socket, 'close');
  }
}

export function frameOf(message: object, body?: Buffer): Buffer {
  return Buffer.concat(encodeFrame(JSON.stringify(message), body));
}

/** A header that promises these lengths, with nothing after it. */
export function headerOf(jsonBytes: number, bodyBytes: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(jsonBytes, 0);
  header.writeUInt32BE(bodyBytes, 4);
  return header;
}

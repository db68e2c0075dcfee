import { connect, type Socket } from 'node:net';
import { FrameDecoder } from '../src/ipc/protocol/frame-decoder.js';
import { maxHostBodyBytes, maxHostJsonBytes } from '../src/ipc/protocol/limits.js';
import type { HostMessage } from '../src/ipc/protocol/messages.js';
import type { Connection } from './event-loop.js';
import { FrameWriter } from './frame-writer.js';
import { exitProcess } from './primordials.js';

/** The socket's descriptor, which Node keeps to itself; `FrameWriter` says why it is needed. */
interface SocketWithHandle {
  readonly _handle: { readonly fd: number };
}

/** Takes the host's messages, one by one. */
export type Receive = (message: HostMessage, body: Buffer) => void;

/**
 * Connects to the host and hands over its messages one by one. The host is trusted, unlike the other way round. When
 * it closes the socket the process ends: that is how a worker is told to stop.
 */
export function connectToHost(
  socketPath: string,
  onConnected: (writer: FrameWriter, connection: Connection) => Receive,
): void {
  const socket = connect(socketPath);
  const stop = () => {
    exitProcess(0);
  };
  socket.on('error', stop);
  socket.on('end', stop);
  socket.on('close', stop);
  socket.on('connect', () => {
    const onMessage = onConnected(new FrameWriter(descriptorOf(socket)), socket);
    const decoder = new FrameDecoder({ maxJsonBytes: maxHostJsonBytes, maxBodyBytes: maxHostBodyBytes });
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        onMessage(JSON.parse(frame.json.toString('utf8')) as HostMessage, frame.body);
      }
    });
  });
}

function descriptorOf(socket: Socket): number {
  return (socket as unknown as SocketWithHandle)._handle.fd;
}
